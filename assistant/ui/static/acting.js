/* Buttons that act: they tell the server what they carry, ask before what cannot be taken back, and keep the keyboard's
   focus when the server draws them anew. */
(() => {
  "use strict";

  const make = (name, className, text) => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  };

  /* Ask in a dialog, with the words that the button carries; `yes` runs if that is the answer. */
  const ask = (button, yes) => {
    const dialog = make("dialog", "fn-dialog", "");
    const words = make("p", "", button.dataset.ask);
    words.id = "fn-dialog-words";
    dialog.setAttribute("aria-labelledby", words.id);
    const no = make("button", "fn-quiet", button.dataset.no);
    const go = make("button", "fn-quiet is-strong", button.dataset.yes);
    const row = make("div", "fn-dialog-actions", "");
    no.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (button.isConnected) button.focus();
      if (dialog.returnValue === "yes") yes();
    });
    row.append(no, go);
    dialog.append(words, row);
    document.body.append(dialog);
    dialog.showModal();
  };

  const key = (button) => button.dataset.key ?? `${button.dataset.act} ${button.dataset.value ?? ""}`;

  /* Make the buttons in an element of Gradio's act. Gradio hands its scripts the element, `trigger` and `watch`. */
  const act = (element, trigger, watch) => {
    let used = null;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const tell = () => {
        used = key(button);
        for (const field of button.dataset.clears ? document.querySelectorAll(`${button.dataset.clears} input[type=date]`) : []) {
          field.value = "";
        }
        trigger("select", { act: button.dataset.act, value: button.dataset.value ?? "" });
      };
      if (button.dataset.ask) ask(button, tell);
      else tell();
    });
    watch("value", () => {
      if (!used || (document.activeElement && document.activeElement !== document.body)) return;
      for (const button of element.querySelectorAll("button[data-act]")) {
        if (key(button) === used) button.focus({ preventScroll: true });
      }
    });
  };

  /* Tell the server the day that a field holds, when it is chosen or cleared. */
  const day = (element, trigger) => {
    element.addEventListener("change", (event) => trigger("select", { day: event.target.value }));
  };

  /* Bring the board of the work into view when that was asked for further down. What others began moves nobody. */
  let expected = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#fn-read-all, #fn-sources [data-act=read]")) expected = true;
  });
  const board = (element, watch) => {
    watch("value", () => {
      if (!expected || !element.offsetParent) return;
      expected = false;
      element.scrollIntoView({ block: "nearest" });
    });
  };

  window.footnote = { ...window.footnote, act, ask, board, day };
})();
