/* The reader: a whole article in a dialog, opened at the sentence that is cited. */
(() => {
  "use strict";

  const land = (mark) => {
    mark?.scrollIntoView({ block: "center" });
    mark?.focus({ preventScroll: true });
  };

  /* Make an element of Gradio's the place where articles are read. Gradio hands its scripts all of these. */
  const read = (element, props, trigger, watch) => {
    let asked = {}, opener = null;
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-read]");
      if (!button) return;
      const { read: turn, number, source, start, end } = button.dataset;
      button.closest("dialog")?.close("on");
      asked = turn ? { turn: Number(turn), number: Number(number) } : { source, start, end };
      // The key that reads leaves the focus on the mark.
      opener = document.activeElement?.matches("a.fn-mark") ? document.activeElement : button;
      trigger("select", asked);
    });
    element.addEventListener("change", (event) => {
      if (event.target.matches("[data-versions]")) trigger("select", { ...asked, version: Number(event.target.value) });
    });
    element.addEventListener("click", (event) => {
      if (!event.target.closest("[data-next-mark]")) return;
      const marks = [...element.querySelectorAll("mark")];
      const here = marks.findIndex((mark) => mark.classList.contains("is-here"));
      for (const mark of marks) mark.classList.remove("is-here");
      const next = marks[(here + 1) % marks.length];
      next.classList.add("is-here");
      next.tabIndex = -1;
      land(next);
    });
    watch("value", () => {
      const dialog = element.querySelector("dialog");
      if (!dialog || dialog.open) return;
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      // The same article may be opened again.
      dialog.addEventListener("close", () => {
        props.value = "";
        // The browser gives the focus back, and the next key may have moved it on by now.
        if (opener?.isConnected && [null, document.body].includes(document.activeElement)) opener.focus();
      });
      dialog.showModal();
      window.footnote.hold(dialog);
      land(element.querySelector("mark.is-here") ?? element.querySelector("mark"));
    });
  };

  window.footnote = { ...window.footnote, read };
})();
