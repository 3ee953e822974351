// Keyboard, menus, autosave state and dialogs. Every page works without this file.
(() => {
  "use strict";

  const KEYS_OFF = "orime.keys.off";
  const typing = (element) =>
    element instanceof Element &&
    element.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])");

  const keysOff = () => {
    try {
      return localStorage.getItem(KEYS_OFF) === "1";
    } catch {
      return false;
    }
  };

  // --- keyboard: any element with data-key="x" (several: "j ArrowDown") is used when x is pressed
  const keyed = () =>
    [...document.querySelectorAll("[data-key]")].filter((element) => !element.disabled && !element.closest("[hidden]"));

  const nameOf = (element) => {
    const given = element.dataset.keyLabel || element.getAttribute("aria-label");
    if (given) return given;
    const copy = (element.closest("label") || element).cloneNode(true);
    copy.querySelectorAll("kbd, svg, script").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const showKeys = () => {
    const dialog = document.getElementById("keys");
    if (!dialog || dialog.open) return;
    const body = dialog.querySelector("tbody");
    body.replaceChildren(
      ...keyed().map((element) => {
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        element.dataset.key.split(" ").forEach((key) => {
          const mark = document.createElement("kbd");
          mark.textContent = key;
          head.append(mark, " ");
        });
        const cell = document.createElement("td");
        cell.textContent = nameOf(element);
        row.append(head, cell);
        return row;
      }),
    );
    dialog.querySelector("[data-keys-toggle]").checked = !keysOff();
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      showKeys();
      return;
    }
    if (keysOff()) return;
    const target = keyed().find((element) => element.dataset.key.split(" ").includes(event.key));
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (!target.matches("textarea, select, input[type=text], input[type=search]")) target.click();
  });

  document.addEventListener("change", (event) => {
    const element = event.target;
    if (element.matches("[data-keys-toggle]")) {
      try {
        localStorage.setItem(KEYS_OFF, element.checked ? "0" : "1");
      } catch {
        // a browser that keeps nothing simply keeps the shortcuts on
      }
    }
    // filters: apply at once what can be applied without typing
    if (element.matches("[data-submit-on-change] :is(select, [type=checkbox], [type=radio], [type=date])")) {
      element.form.requestSubmit();
    }
    if (element.matches("[data-check-all]")) {
      document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(element.dataset.checkAll)}"]`).forEach((box) => {
        box.checked = element.checked;
      });
    }
  });

  // --- menus close when the reader turns elsewhere; dialogs open by data-dialog="id"
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && typeof dialog.showModal === "function") {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-show-keys]")) showKeys();
    if (event.target.closest("[data-print]")) window.print();
  });

  // --- a form goes out once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-patch], [data-hx-post]")) return;
    if (form.dataset.sent === "1") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    for (const part of dirty) if ([...form.elements].some((element) => part.contains(element))) dirty.delete(part);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  // --- autosave: <form data-autosave>, or a part of a page that saves itself, and a .save-state inside it or
  // named by data-save-state="#id". The sentences are the page's own, on that line or, once for many, around it:
  // data-dirty, data-saving, data-saved ("{time}"), data-failed, data-offline.
  const dirty = new Set();
  const stateOf = (form) =>
    form.dataset.saveState ? document.querySelector(form.dataset.saveState) : form.querySelector(".save-state");
  const say = (form, state) => {
    const line = form && stateOf(form);
    if (!line) return;
    line.dataset.state = state;
    const words = line.dataset[state] || line.closest("[data-saving]")?.dataset[state];
    if (words) {
      const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      line.textContent = words.replace("{time}", now);
    }
  };
  const formOf = (event) => event.target instanceof Element && event.target.closest("[data-autosave]");

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form) return;
    dirty.add(form);
    say(form, "dirty");
  });
  document.addEventListener("htmx:beforeRequest", (event) => say(formOf(event), "saving"));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    if (event.detail.successful) {
      dirty.delete(form);
      say(form, "saved");
    } else {
      say(form, navigator.onLine ? "failed" : "offline");
    }
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) if (!form.isConnected) dirty.delete(form);
    if (dirty.size) event.preventDefault();
  });
})();
