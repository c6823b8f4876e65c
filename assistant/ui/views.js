/* The views of the page: the chat, the library, the settings. The address names one after its #, so that going back,
   reloading and sharing work, and nothing of the others is lost. */
(() => {
  "use strict";

  const root = document.documentElement;
  const views = ["chat", "library", "settings"];
  const named = () => views.find((view) => location.hash === `#${view}`) ?? "chat";

  root.lang = navigator.language.toLowerCase().split("-")[0] === "fr" ? "fr" : "en";

  const show = () => {
    const view = named();
    root.dataset.view = view;
    for (const link of document.querySelectorAll("a[data-view]")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  show();
  window.addEventListener("hashchange", () => { show(); window.scrollTo(0, 0); });
  // The links come when Gradio has built the page, and come anew when their text does.
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.querySelector?.("a[data-view]")))) show();
  }).observe(root, { subtree: true, childList: true });
})();
