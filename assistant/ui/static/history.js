/* Conversations that this browser keeps, and files that it saves. Nothing of them is kept on the server.
   What a conversation is, only the server knows: here it is a record with a name and a day. */
(() => {
  "use strict";

  const MOST = 50;
  const MOST_CHARACTERS = 2_000_000; // browsers give a site some 5 million
  const LONGEST_NAME = 120;

  const shelf = (owner) => `footnote.conversations.${owner}`;

  const read = (owner) => {
    try {
      const kept = JSON.parse(localStorage.getItem(shelf(owner)) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => one && typeof one.id === "string" && one.record) : [];
    } catch {
      return [];
    }
  };

  /* Keep the newest, as many as there is room for. */
  const write = (owner, conversations) => {
    let kept = conversations.slice(0, MOST);
    while (true) {
      const text = JSON.stringify(kept);
      try {
        if (text.length > MOST_CHARACTERS && kept.length > 1) throw new RangeError();
        if (kept.length) localStorage.setItem(shelf(owner), text);
        else localStorage.removeItem(shelf(owner));
        return;
      } catch {
        if (!kept.length) return; // this browser keeps nothing
        kept = kept.slice(0, -1);
      }
    }
  };

  /* The conversation that is open, by this tab and user: a page that is loaded again goes on with it. */
  const open = {
    key: (owner) => `footnote.open.${owner}`,
    get: (owner) => { try { return sessionStorage.getItem(open.key(owner)); } catch { return null; } },
    set: (owner, id) => {
      try {
        if (id) sessionStorage.setItem(open.key(owner), id);
        else sessionStorage.removeItem(open.key(owner));
      } catch { /* forbidden */ }
    },
  };

  /* What is being written, while the page loads itself again: the server had let go of it. */
  const draft = {
    key: "footnote.draft",
    keep: (text) => sessionStorage.setItem(draft.key, JSON.stringify({ text, when: Date.now() })),
    take: () => {
      try {
        const kept = JSON.parse(sessionStorage.getItem(draft.key));
        if (!kept) return null;
        sessionStorage.setItem(draft.key, JSON.stringify({ ...kept, text: null }));
        return kept.text;
      } catch {
        return null;
      }
    },
    isFresh: () => Date.now() - (JSON.parse(sessionStorage.getItem(draft.key))?.when ?? 0) < 10_000,
  };

  const make = (name, className, text = "") => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  };

  const button = (text, title, action) => {
    const element = make("button", "fn-quiet", text);
    element.type = "button";
    element.setAttribute("aria-label", title);
    element.addEventListener("click", action);
    return element;
  };

  const day = (when) => new Date(Number(when) || 0).toLocaleDateString(navigator.language, { dateStyle: "long" });

  const save = ({ name, type, text }) => {
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const tell = (words, close) => {
    const dialog = make("dialog", "fn-dialog");
    const text = make("p", "", words);
    const end = make("div", "fn-dialog-actions");
    text.setAttribute("role", "alert");
    end.append(button(close, close, () => dialog.close()));
    dialog.append(text, end);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  /* The list, in a dialog. `says` are its words, `choose` shows a conversation. */
  const list = (owner, says, opener, current, choose) => {
    const dialog = make("dialog", "fn-dialog fn-history");
    const heading = make("h2", "fn-section", says.history);
    heading.id = "fn-history-heading";
    dialog.setAttribute("aria-labelledby", heading.id);
    const rows = make("ul", "fn-list");
    const end = make("div", "fn-dialog-actions");

    const sure = (words, yes) => {
      const asking = make("button", "");
      Object.assign(asking.dataset, { ask: words, yes: says.delete, no: says.keep });
      window.footnote.ask(asking, yes);
    };

    const renaming = (conversation, row) => {
      const field = make("input", "fn-rename");
      field.value = conversation.name;
      field.maxLength = LONGEST_NAME;
      field.setAttribute("aria-label", says.rename);
      let over = false; // a field that is taken away is left once more
      const end = (name) => {
        if (over) return;
        over = true;
        if (name) write(owner, read(owner).map((one) => (one.id === conversation.id ? { ...one, name } : one)));
        draw(conversation.id);
      };
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault(); // Enter would press the button that gets the focus, Escape close the dialog
        end(event.key === "Enter" ? field.value.trim() : "");
      });
      field.addEventListener("blur", () => end(field.value.trim()));
      row.querySelector(".fn-list-text").replaceChildren(field);
      field.focus();
      field.select();
    };

    const draw = (focused) => {
      const kept = read(owner);
      rows.replaceChildren();
      for (const conversation of kept) {
        const name = String(conversation.name).slice(0, LONGEST_NAME);
        const row = make("li", "");
        const text = make("div", "fn-list-text");
        const title = make("button", "fn-open");
        title.append(make("span", "fn-brief", name));
        title.type = "button";
        title.dir = "auto";
        if (conversation.id === current()) title.setAttribute("aria-current", "true");
        title.addEventListener("click", () => { dialog.close(); choose(conversation); });
        text.append(title, make("p", "fn-where", day(conversation.when)));
        const actions = make("div", "fn-list-actions");
        actions.append(
          button(says.rename, `${says.rename}: ${name}`, () => renaming(conversation, row)),
          button(says.delete, `${says.delete}: ${name}`, () => sure(says.delete_ask.replace("{what}", () => name), () => {
            write(owner, read(owner).filter((one) => one.id !== conversation.id));
            draw();
          })),
        );
        row.append(text, actions);
        rows.append(row);
        if (conversation.id === focused) title.focus();
      }
      if (!kept.length) rows.append(make("li", "fn-where", says.history_empty));
      if (!dialog.contains(document.activeElement)) (rows.querySelector("button") ?? end.lastChild)?.focus();
      end.firstChild.hidden = !kept.length;
    };

    end.append(
      button(says.delete_all, says.delete_all, () => sure(says.delete_all_ask, () => { write(owner, []); draw(); })),
      button(says.close, says.close, () => dialog.close()),
    );
    dialog.append(heading, make("p", "fn-where", says.history_note), rows, end);
    dialog.addEventListener("close", () => { dialog.remove(); opener.focus(); });
    document.body.append(dialog);
    dialog.showModal();
    draw();
  };

  /* Keep what Gradio's element is given: `props.value` is a record to keep, or a file to save. */
  const keep = (element, props, trigger, watch) => {
    let current = null, previous = null, restoring = false;
    const tools = () => document.getElementById("fn-conversation-tools");
    const owner = () => tools()?.dataset.owner ?? "";
    const words = () => JSON.parse(tools().dataset.says);

    const follow = (id) => open.set(owner(), (current = id));
    const box = () => document.querySelector("#fn-question textarea");
    const show = (conversation, written = "") => {
      previous = current;
      restoring = false;
      follow(conversation.id);
      trigger("click", { record: conversation.record, draft: written });
    };
    /* Nobody asked for it, so one that cannot be read is left alone, and so is a page that is in use already. */
    const restore = () => {
      const written = draft.take();
      const kept = read(owner()).find((one) => one.id === open.get(owner()));
      if (!document.querySelector(".fn-turn") && !box()?.value) {
        if (kept) {
          show(kept, written ?? "");
          restoring = true;
        } else if (written) {
          box().value = written;
          box().dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
      if (written !== null) tell(words().came_back, words().close);
    };

    /* Tell the server which one the page was loaded from. Load the page again when the server says that it has let go
       of it, unless that would lose what stands here. */
    const ask = window.fetch;
    window.fetch = async (where, how = {}) => {
      const server = tools()?.dataset.server;
      if (server && how.method === "POST") {
        const headers = new Headers(how.headers);
        headers.set("x-footnote-server", server);
        how = { ...how, headers };
      }
      const reply = await ask(where, how);
      try {
        const kept = !document.querySelector(".fn-turn") || read(owner()).some((one) => one.id === current);
        if (reply.status === 410 && kept && !draft.isFresh()) {
          draft.keep(box()?.value ?? "");
          location.reload();
        }
      } catch { /* forbidden */ }
      return reply;
    };

    watch("value", () => {
      const given = props.value;
      if (given?.file) save(given.file);
      if (given?.ready) restore();
      if (given?.problem) {
        follow(previous);
        if (!restoring) tell(given.problem, words().close);
      }
      if (given?.begun) follow(null);
      // While its first question is asked again, a conversation is empty for a moment, and still the same one.
      if (!given?.record?.exchanges.length) return;
      const kept = read(owner());
      const before = kept.find((one) => one.id === current);
      follow(current ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`);
      const name = before?.name ?? given.record.exchanges[0].question.trim().slice(0, LONGEST_NAME);
      const others = kept.filter((one) => one.id !== current);
      write(owner(), [{ id: current, name, when: Date.now(), record: given.record }, ...others]);
    });

    document.addEventListener("click", (event) => {
      const used = event.target.closest?.("#fn-conversation-tools [data-tool]");
      if (!used) return;
      used.closest("details")?.removeAttribute("open");
      if (used.dataset.tool !== "history") { trigger("select", { tool: used.dataset.tool }); return; }
      list(owner(), words(), used, () => current, show);
    });
  };

  window.footnote = { ...window.footnote, keep };
})();
