// Fieldwork: refusals are shown, a lost sign-in is not taken for an answer, files are counted.
// Every page works without this file.
(() => {
  "use strict";

  // 409 and 422 bring a sentence and what is stored; they are answers to show, not failures to hide.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 409 || xhr.status === 422) {
      event.detail.shouldSwap = true;
      return;
    }
    // Signed out in the meantime: what came back is the sign-in page.
    const asked = event.detail.requestConfig && event.detail.requestConfig.path;
    if (xhr.responseURL && asked && new URL(xhr.responseURL).pathname !== new URL(asked, location.href).pathname) {
      event.detail.shouldSwap = false;
      event.detail.isError = true;
    }
  });

  // Signed in again in another window: the cookie has a new token, this page still has the old one.
  const freshToken = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found && found[1];
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const token = freshToken();
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener(
    "submit",
    (event) => {
      const field = event.target.querySelector("[name=csrfmiddlewaretoken]");
      const token = freshToken();
      if (field && token) field.value = token;
    },
    true,
  );

  // The comparison needs to be seen where it appears.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const panel = event.detail.target;
    if (panel && panel.id === "conflict" && panel.firstElementChild) {
      panel.scrollIntoView({ block: "nearest" });
    }
  });

  // A button pressed while the card is being saved waits for the answer: it brings the version
  // on which the next save has to stand.
  let flying = 0;
  let waiting = null;
  const isAutosave = (event) => event.target instanceof Element && event.target.id === "autosave";
  document.addEventListener("htmx:beforeSend", (event) => {
    if (isAutosave(event)) flying += 1;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isAutosave(event)) return;
    flying = Math.max(flying - 1, 0);
    if (waiting && !flying) {
      const { form, submitter } = waiting;
      waiting = null;
      form.requestSubmit(submitter);
    }
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.id !== "finding-form" || !flying) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { form: event.target, submitter: event.submitter };
    },
    true,
  );

  // An earlier wording is put below what stands there already; it is saved like what is typed.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const field = button && document.getElementById(button.dataset.insert);
    if (!field) return;
    const words = button.closest("li").querySelector("[data-wording]").textContent;
    if (!field.value.includes(words)) {
      field.value = [field.value.trimEnd(), words].filter(Boolean).join("\n");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
  });

  // How many files wait to be added, beside the two buttons that hide their inputs.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.target.type !== "file") return;
    const count = [...form.querySelectorAll("input[type=file]")].reduce((sum, input) => sum + input.files.length, 0);
    const words = form.querySelector("[data-chosen]");
    words.textContent = count ? words.dataset.words.replace("{count}", count) : "";
    if (count) form.querySelector("[name=caption]").focus();
  });
})();
