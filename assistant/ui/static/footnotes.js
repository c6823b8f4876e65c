/* Leads from a footnote mark to its source and back, and lights up what belongs together. Where there is no room for
   both, a source comes up as a sheet. All by delegation, since the page's parts come and go. */
(() => {
  "use strict";

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = window.matchMedia("(max-width: 860px)");
  const target = (link) => document.getElementById(link.dataset.goto);

  const reveal = (element) => {
    const panel = element.closest(".fn-proof");
    if (panel && panel.scrollHeight > panel.clientHeight) {
      const box = element.getBoundingClientRect(), frame = panel.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) {
        const top = panel.scrollTop + box.top - frame.top - Math.max(8, (frame.height - box.height) / 2);
        panel.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
      }
    }
  };

  const goTo = (element) => {
    reveal(element);
    const box = element.getBoundingClientRect();
    const header = document.getElementById("fn-header")?.offsetHeight ?? 0;
    const composer = document.getElementById("fn-composer")?.offsetHeight ?? 0;
    if (!element.closest(".fn-proof") || narrow.matches || element.closest(".fn-proof").scrollHeight <= window.innerHeight) {
      if (box.top < header || box.bottom > window.innerHeight - composer) {
        const tall = box.height > window.innerHeight - header - composer;
        element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: tall ? "start" : "center" });
      }
    }
    element.focus({ preventScroll: true });
    element.classList.remove("is-reached");
    void element.offsetWidth; // restarts the animation
    element.classList.add("is-reached");
  };

  const openSheet = (source) => {
    const sheet = document.createElement("dialog");
    sheet.className = "fn-sheet";
    const copy = document.createElement("ul");
    copy.className = "fn-sources";
    copy.append(source.cloneNode(true));
    for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
    for (const link of copy.querySelectorAll("a.fn-number")) {
      const number = document.createElement("span");
      number.className = "fn-number";
      number.textContent = link.textContent;
      link.replaceWith(number);
    }
    sheet.setAttribute("aria-label", copy.querySelector(".fn-title")?.textContent ?? "");
    const close = document.createElement("button");
    close.className = "fn-sheet-close";
    close.textContent = source.closest(".fn-turn")?.dataset.close ?? "×";
    close.addEventListener("click", () => sheet.close());
    sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
    sheet.addEventListener("close", () => sheet.remove());
    sheet.append(copy, close);
    (document.querySelector(".gradio-container") ?? document.body).append(sheet);
    sheet.showModal();
    window.footnote.hold(sheet);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-goto]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const element = target(link);
    if (!element) return;
    if (narrow.matches && element.matches(".fn-source")) openSheet(element);
    else goTo(element);
  });

  const light = (event, on) => {
    const mark = event.target.closest?.("a.fn-mark");
    if (mark) {
      const source = target(mark);
      source?.classList.toggle("is-lit", on);
      if (source && on && !narrow.matches) reveal(source);
    }
    const source = event.target.closest?.(".fn-source[id]");
    if (!source) return;
    for (const other of document.querySelectorAll(`a.fn-mark[data-goto="${CSS.escape(source.id)}"]`)) {
      other.classList.toggle("is-lit", on);
    }
  };
  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => light(event, on));
  }
})();
