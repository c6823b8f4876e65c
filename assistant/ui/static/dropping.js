/* Files that are dropped anywhere on the page go where it takes files: to the form that is shown, or to the library's. */
(() => {
  "use strict";

  const PATIENCE = 10_000; // milliseconds until the library is there
  const FIELDS = "#fn-first-articles input[type=file], #fn-library-adding input[type=file]";

  const note = () => document.getElementById("fn-dropping");
  const brings = (event) => event.dataTransfer?.types.includes("Files");
  const show = (on) => {
    const shown = note()?.matches(":popover-open");
    if (on && !shown) note()?.showPopover();
    if (!on && shown) note().hidePopover();
  };

  /* The field for files of the view that is shown; Gradio hides the field itself. */
  const field = () => [...document.querySelectorAll(FIELDS)].find((input) => input.closest(".fn-drop")?.offsetParent);
  const found = () => new Promise((resolve) => {
    const end = Date.now() + PATIENCE;
    const look = () => {
      if (field() || Date.now() > end) resolve(field());
      else setTimeout(look, 50);
    };
    look();
  });

  const hand = async (files) => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    if (!field()) location.hash = "#library";
    const input = await found();
    if (!input) return;
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault(); // else the browser would open the file
    show(!event.target.closest?.(".fn-drop"));
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) show(false); });
  document.addEventListener("drop", (event) => {
    show(false);
    if (!brings(event) || event.defaultPrevented) return; // the form itself takes what is dropped on it
    event.preventDefault();
    hand([...event.dataTransfer.files]);
  });
})();
