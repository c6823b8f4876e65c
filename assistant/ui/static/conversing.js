/* The conversation: asking by buttons, copying, keeping the newest question in view, telling a screen reader once what
   became of it, and the keys of the page. */
(() => {
  "use strict";

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const box = () => document.querySelector("#fn-question textarea");

  /* Make the buttons in an element of Gradio's ask. Gradio hands its scripts the element and `trigger`. */
  const converse = (element, trigger) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches(".fn-ask")) trigger("click", { question: button.textContent });
      if (button.dataset.do === "retry") trigger("click", { again: true });
      if (button.dataset.do === "edit") trigger("select", {});
    });
  };

  // These buttons go away when they are used; the keyboard's focus goes on to the next question.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#fn-stop, #fn-keep, #fn-restart, .fn-ask, [data-do]")) box()?.focus({ preventScroll: true });
  });

  // Copying

  const write = async (text) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // A page that is not served over TLS from another machine has no clipboard but this.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copying is forbidden");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    const name = (button.dataset.name ??= button.textContent);
    let said = button.dataset.done;
    try { await write(button.dataset.copy); } catch { said = button.dataset.failed; }
    button.textContent = said;
    announce(said);
    setTimeout(() => { button.textContent = name; }, 2000);
  });

  // One place on the page tells a screen reader what happens, and only when it is news.

  const live = document.createElement("div");
  live.id = "fn-live";
  live.className = "fn-unseen";
  live.setAttribute("role", "status");
  const announce = (text) => {
    if (!live.isConnected) document.body.append(live);
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 30);
  };

  let told = "", followed = "";
  const look = () => {
    const turn = document.querySelector("#fn-current .fn-turn");
    const name = turn ? `${turn.id} ${turn.querySelector(".fn-question")?.textContent}` : "";
    const news = turn ? `${name} ${turn.dataset.status}` : "";
    if (news !== told) {
      told = news;
      if (turn?.dataset.status) announce(turn.dataset.status);
    }
    if (!turn || turn.getAttribute("aria-busy") !== "true" || name === followed) return;
    followed = name;
    // Not at once: the turn before this one is still on its way to the place above it, and an example button is about
    // to disappear with the welcome and take the focus with it.
    setTimeout(() => {
      turn.isConnected
        ? turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" })
        : document.querySelector("#fn-current .fn-turn")?.scrollIntoView({ block: "start" });
      if (!document.activeElement || document.activeElement === document.body) box()?.focus({ preventScroll: true });
    }, 50);
  };

  // The evidence stays between the header and the question box, however high that is.
  const measure = new ResizeObserver(([entry]) => {
    document.documentElement.style.setProperty("--fn-composer", `${Math.round(entry.target.offsetHeight)}px`);
  });
  let measured = null;
  new MutationObserver(() => {
    look();
    const composer = document.getElementById("fn-composer");
    if (!composer || composer === measured) return;
    measure.disconnect();
    measure.observe(measured = composer);
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy", "data-status"],
  });

  // Keys

  const step = (by) => {
    const marks = [...document.querySelectorAll("#fn-conversation .fn-text a.fn-mark")];
    const place = marks.indexOf(document.activeElement);
    const next = marks[place < 0 ? (by > 0 ? 0 : marks.length - 1) : place + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  };
  const read = () => {
    const source = document.getElementById(document.activeElement?.dataset?.goto ?? "");
    (source ?? document.activeElement?.closest?.(".fn-source"))?.querySelector("[data-read]")?.click();
  };
  const help = () => document.querySelector("dialog.fn-keys")?.showModal();
  const keys = { "/": () => { location.hash = "#chat"; box()?.focus(); }, "n": () => step(1), "p": () => step(-1), "r": read, "?": help };

  let off = false;
  try { off = localStorage.getItem("fn-keys") === "off"; } catch { /* forbidden */ }
  document.addEventListener("keydown", (event) => {
    if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-help]")) {
      help();
      const use = document.querySelector("dialog.fn-keys input");
      if (use) use.checked = !off;
    }
    if (event.target.closest?.("dialog [data-close]")) event.target.closest("dialog").close();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("dialog.fn-keys input")) return;
    off = !event.target.checked;
    try { localStorage.setItem("fn-keys", off ? "off" : "on"); } catch { /* forbidden */ }
  });

  window.footnote = { ...window.footnote, converse };
})();
