/* What lies over the page is left with the browser's Back as well, and a menu by looking elsewhere. */
(() => {
  "use strict";

  let held = null; // the dialog that has an entry in the browser's history

  /* Give a dialog that was opened an entry in the history, so that going back closes it and leaves no page. Closed in
     another way it takes its entry with it, or with "on" leaves it to the dialog that is opened next. */
  const hold = (dialog) => {
    held = dialog;
    if (!history.state?.fnHeld) history.pushState({ fnHeld: true }, "");
    dialog.addEventListener("close", () => {
      if (held !== dialog) return;
      held = null;
      if (dialog.returnValue !== "on" && history.state?.fnHeld) history.back();
    });
  };
  window.addEventListener("popstate", () => { if (held && !history.state?.fnHeld) held.close(); });

  const menus = () => document.querySelectorAll("details.fn-menu[open]");
  const leave = (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.removeAttribute("open");
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  });

  window.footnote = { ...window.footnote, hold };
})();
