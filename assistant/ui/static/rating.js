/* What a reader thinks of an answer: good is told at once, anything else with words, if the reader has some. */
(() => {
  "use strict";

  /* Make the buttons below the answers tell Gradio, and say where they are what came of it. */
  const rate = (props, trigger, watch) => {
    const tell = (group, kind, words) => trigger("select", { turn: Number(group.dataset.turn), kind, words });
    const press = (group, kind) => {
      for (const button of group.querySelectorAll("[data-rate]")) {
        button.setAttribute("aria-pressed", String(button.dataset.rate === kind));
      }
    };

    document.addEventListener("click", (event) => {
      const button = event.target.closest?.(".fn-rating [data-rate]");
      if (!button) return;
      const group = button.closest(".fn-rating");
      const form = group.querySelector("form");
      press(group, button.dataset.rate);
      group.querySelector("[role=status]").textContent = "";
      form.hidden = button.dataset.rate === "good";
      form.dataset.kind = button.dataset.rate;
      if (form.hidden) tell(group, "good", "");
      else form.querySelector("textarea").focus();
    });

    document.addEventListener("submit", (event) => {
      const form = event.target.closest?.(".fn-rating form");
      if (!form) return;
      event.preventDefault();
      const field = form.querySelector("textarea");
      tell(form.closest(".fn-rating"), form.dataset.kind, field.value);
    });

    watch("value", () => {
      const { turn, text, kept } = props.value ?? {};
      for (const group of document.querySelectorAll(`.fn-rating[data-turn="${Number(turn)}"]`)) {
        const form = group.querySelector("form");
        if (kept) {
          if (form.contains(document.activeElement)) group.querySelector('[aria-pressed="true"]')?.focus();
          form.hidden = true;
          form.querySelector("textarea").value = "";
        }
        group.querySelector("[role=status]").textContent = text;
      }
    });
  };

  window.footnote = { ...window.footnote, rate };
})();
