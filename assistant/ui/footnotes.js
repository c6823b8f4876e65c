/* Leads from a footnote mark to its source and back, and lights up what belongs together. Keeps the newest
   question in view, and an answer beside its proof. All by delegation, since the page's parts come and go. */
(() => {
  "use strict";

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const target = (link) => document.getElementById(link.dataset.goto);

  const goTo = (element) => {
    const box = element.getBoundingClientRect();
    const header = document.getElementById("fn-header")?.offsetHeight ?? 0;
    const composer = document.getElementById("fn-composer")?.offsetHeight ?? 0;
    const hidden = box.top < header || box.bottom > window.innerHeight - composer;
    if (hidden) {
      const tall = box.height > window.innerHeight - header - composer;
      element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: tall ? "start" : "center" });
    }
    element.focus({ preventScroll: true });
    element.classList.remove("is-reached");
    void element.offsetWidth; // restarts the animation
    element.classList.add("is-reached");
  };

  // These buttons go away when they are used; the keyboard's focus goes on to the next question.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#fn-stop, .fn-ask")) return;
    document.querySelector("#fn-question textarea")?.focus({ preventScroll: true });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-goto]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const element = target(link);
    if (element) goTo(element);
  });

  const light = (event, on) => {
    const mark = event.target.closest?.("a.fn-mark");
    if (mark) target(mark)?.classList.toggle("is-lit", on);
    const source = event.target.closest?.(".fn-source[id]");
    if (!source) return;
    for (const other of document.querySelectorAll(`a.fn-mark[data-goto="${CSS.escape(source.id)}"]`)) {
      other.classList.toggle("is-lit", on);
    }
  };
  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => light(event, on));
  }

  let followed = null;
  const follow = () => {
    const turn = document.querySelector("#fn-current .fn-turn[aria-busy='true']");
    if (!turn) return;
    const name = `${turn.id} ${turn.querySelector(".fn-question")?.textContent}`;
    if (name === followed) return;
    followed = name;
    // Not at once: the turn before this one is still on its way to the place above it, and an example button is about
    // to disappear with the welcome and take the focus with it.
    setTimeout(() => {
      turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
      if (document.activeElement && document.activeElement !== document.body) return;
      document.querySelector("#fn-question textarea")?.focus({ preventScroll: true });
    }, 50);
  };

  // An answer stays in view beside its proof. One that is taller than the window stays with its end in view, where
  // the questions to ask next are.
  const keepInView = () => {
    const header = document.getElementById("fn-header")?.offsetHeight ?? 0;
    const composer = document.getElementById("fn-composer")?.offsetHeight ?? 0;
    for (const answer of document.querySelectorAll(".fn-stay")) {
      const top = Math.min(header + 24, window.innerHeight - composer - 24 - answer.offsetHeight);
      answer.style.setProperty("--fn-top", `${top}px`);
    }
  };
  let waiting = 0;
  const arrange = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(keepInView);
  };

  new MutationObserver(() => { follow(); arrange(); }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"],
  });
  window.addEventListener("resize", arrange);
})();
