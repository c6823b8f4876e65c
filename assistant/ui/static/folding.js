/* What a reader unfolds stays unfolded while the answer goes on being written: each snapshot of it would fold it again. */
(() => {
  "use strict";

  const chosen = new Map(); // whether the reader wants it open

  /* Name what unfolds by its question, the source that it belongs to, and its place there: numbers change meanwhile. */
  const source = (details) => details.closest(".fn-source")?.querySelector(".fn-title")?.textContent ?? "";
  const key = (details) => {
    const turn = details.closest(".fn-turn");
    if (!turn) return null;
    const alike = [...turn.querySelectorAll("details")].filter(
      (other) => other.className === details.className && source(other) === source(details)
    );
    const question = turn.querySelector(".fn-question")?.textContent;
    return [question, source(details), details.className, alike.indexOf(details)].join("\n");
  };

  document.addEventListener("click", (event) => {
    const details = event.target.closest?.("summary")?.parentElement;
    const name = details?.matches("details") ? key(details) : null;
    if (name) chosen.set(name, !details.open);
  });

  const restore = (details) => {
    const name = key(details);
    if (chosen.has(name) && details.open !== chosen.get(name)) details.open = chosen.get(name);
  };
  new MutationObserver((changes) => {
    if (!chosen.size) return;
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") restore(target);
      for (const node of addedNodes) {
        if (node.matches?.("details")) restore(node);
        for (const details of node.querySelectorAll?.("details") ?? []) restore(details);
      }
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["open"] });
})();
