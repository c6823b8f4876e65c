/* The views of the page: the chat, the library, the settings. The address names one after its #, so that going back,
   reloading and sharing work, and nothing of the others is lost. And how the page looks: light or dark. */
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
  // Each view is found again where it was left. The browser knows one page only, and would mix them up.
  const places = {};
  history.scrollRestoration = "manual";
  window.addEventListener("scroll", () => {
    // A browser that leaves a view scrolls to the top first.
    if (named() === root.dataset.view) places[named()] = window.scrollY;
  }, { passive: true });
  window.addEventListener("hashchange", () => {
    show();
    window.scrollTo(0, places[root.dataset.view] ?? 0);
  });
  // The links come when Gradio has built the page, and come anew when their text does.
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.querySelector?.("a[data-view]")))) show();
  }).observe(root, { subtree: true, childList: true });

  // What the reader chose holds; else the system's choice. A browser may forbid storing, and then forgets.
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = localStorage.getItem("fn-theme"); } catch { /* forbidden */ }
  const isDark = () => (chosen ? chosen === "dark" : system.matches);
  const paint = () => {
    for (const element of [root, document.body]) {
      if (element && element.classList.contains("dark") !== isDark()) element.classList.toggle("dark", isDark());
    }
    for (const button of document.querySelectorAll("[data-theme]")) button.setAttribute("aria-pressed", isDark());
  };
  paint();
  system.addEventListener("change", paint);
  // Gradio paints the body by the system's choice when it is ready.
  const watchBody = () => {
    paint();
    new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  };
  if (document.body) watchBody();
  else document.addEventListener("DOMContentLoaded", watchBody);

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme]")) return;
    chosen = isDark() ? "light" : "dark";
    try { localStorage.setItem("fn-theme", chosen); } catch { /* forbidden */ }
    paint();
  });

  // The link for those who come with the keyboard.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".fn-skip")) return;
    event.preventDefault();
    const box = document.querySelector(named() === "chat" ? "#fn-question textarea" : `#fn-view-${named()}`);
    if (box && !box.matches("textarea")) box.tabIndex = -1;
    box?.focus();
  });
})();
