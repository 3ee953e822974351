// Photos and documents go up in parts, each with its bar. What is interrupted goes on by itself, and
// after a reload when the same file is chosen again. Without this file the form sends them at once.
(() => {
  "use strict";

  const PAUSES = [2000, 4000, 8000, 15000, 30000];
  const queue = [];
  let busy = false;

  const fill = (words, facts) => words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

  // A refusal has a sentence, a failure passes: the network, a server that restarts, a lost sign-in.
  class Refusal extends Error {}
  class Failure extends Error {}

  const ask = async (url, options, words) => {
    let answer;
    try {
      answer = await fetch(url, { ...options, headers: { ...options.headers, "X-CSRFToken": token() } });
    } catch {
      throw new Failure("offline");
    }
    const kind = answer.headers.get("Content-Type") || "";
    if (answer.redirected) throw new Failure(words.signed_out);
    if (!/json/.test(kind)) {
      if (answer.status === 404) return { status: 404, data: {} };
      throw new Failure(words.failed);
    }
    const data = await answer.json();
    if (answer.ok || answer.status === 409) return { status: answer.status, data };
    if (answer.status === 507 || answer.status >= 500) throw new Failure(data.detail || words.failed);
    throw new Refusal(data.detail || words.failed);
  };

  class Sending {
    constructor(file, form) {
      const { words, largest } = JSON.parse(document.getElementById("upload-config").textContent);
      Object.assign(this, { file, words, largest, start: form.dataset.start, sent: 0, tries: 0 });
      this.fields = new FormData(form);
      this.fields.delete("uploads");
      this.row = document.createElement("li");
      this.bar = document.createElement("progress");
      this.line = document.createElement("p");
      this.buttons = document.createElement("span");
      this.buttons.className = "actions";
      const name = document.createElement("b");
      name.textContent = file.name;
      this.bar.max = Math.max(file.size, 1);
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", file.name);
      this.row.append(name, this.buttons, this.bar, this.line);
      this.say("waiting", words.waiting, [words.cancel, () => this.giveUp()]);
    }

    say(state, sentence, ...buttons) {
      this.state = state;
      this.row.dataset.state = state;
      this.line.textContent = sentence;
      this.bar.hidden = ["done", "known", "refused"].includes(state);
      this.buttons.replaceChildren(
        ...buttons.map(([label, act]) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "small";
          button.textContent = label;
          button.addEventListener("click", act);
          return button;
        }),
      );
    }

    get percent() {
      return Math.floor((this.sent * 100) / Math.max(this.file.size, 1));
    }

    progress() {
      this.bar.value = this.sent;
      this.say("sending", fill(this.words.sending, { percent: this.percent }), [this.words.cancel, () => this.giveUp()]);
    }

    giveUp() {
      this.given = true;
      if (this.url) fetch(this.url, { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => {});
      this.row.remove();
      clearTimeout(this.timer);
    }

    // Sends what is missing; returns once nothing more can be done for this file now.
    async run() {
      try {
        await this.send();
      } catch (error) {
        if (this.given) return;
        const drop = [this.words.remove, () => this.row.remove()];
        if (error instanceof Refusal) return this.say("refused", error.message, drop);
        if (!(error instanceof Failure)) throw error;
        const sentence = error.message === "offline" ? fill(this.words.offline, { percent: this.percent }) : error.message;
        this.say("stopped", sentence, [this.words.again, () => this.retry()], [this.words.cancel, () => this.giveUp()]);
        this.timer = setTimeout(() => this.retry(), PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
        this.tries += 1;
      }
    }

    retry() {
      clearTimeout(this.timer);
      if (this.given || this.state !== "stopped") return;
      this.say("waiting", this.words.waiting);
      queue.push(this);
      work();
    }

    async send() {
      const { file, words } = this;
      if (file.size > this.largest) throw new Refusal(fill(words.too_large, { limit: this.largest / 1048576 }));
      const body = new FormData();
      for (const [name, value] of this.fields) body.set(name, value);
      body.set("name", file.name);
      body.set("size", file.size);
      body.set("stamp", file.lastModified);
      const begun = await ask(this.start, { method: "POST", body }, words);
      if (begun.status !== 200) throw new Failure(words.failed);
      this.url = begun.data.url;
      this.sent = begun.data.offset;
      for (;;) {
        if (this.given) return;
        this.progress();
        const part = file.slice(this.sent, this.sent + begun.data.part);
        if (this.sent + part.size >= file.size) this.say("checking", words.checking);
        const headers = { "Upload-Offset": this.sent, "Content-Type": "application/octet-stream" };
        const { status, data } = await ask(this.url, { method: "PATCH", body: part, headers }, words);
        if (this.given) return;
        if (status === 404) throw new Failure(words.failed);
        this.tries = 0;
        if (data.label) {
          this.say("done", fill(words.done, data));
          return;
        }
        if (data.known) {
          this.say("known", data.sentence, [words.remove, () => this.row.remove()]);
          return;
        }
        this.sent = data.offset;
      }
    }
  }

  const refresh = async () => {
    const form = document.querySelector("form[data-upload]");
    if (!form || !window.htmx) return;
    await window.htmx.ajax("GET", form.action, { target: "#evidence-list", select: "#evidence-list", swap: "outerHTML" });
    document.querySelectorAll('[data-sending] li[data-state="done"]').forEach((row) => row.remove());
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    let added = false;
    while (queue.length) {
      const sending = queue.shift();
      if (sending.given) continue;
      await sending.run();
      added = added || sending.state === "done";
    }
    busy = false;
    if (added) await refresh();
  };

  const rows = () => [...document.querySelectorAll("[data-sending] li")];
  const all = new Set();

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-upload]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const inputs = [...form.querySelectorAll("input[type=file]")];
      const files = inputs.flatMap((input) => [...input.files]);
      const chosen = form.querySelector("[data-chosen]");
      if (!files.length) {
        chosen.textContent = JSON.parse(document.getElementById("upload-config").textContent).words.nothing;
        inputs[inputs.length - 1].focus();
        return;
      }
      const list = form.parentElement.querySelector("[data-sending]");
      for (const file of files) {
        const sending = new Sending(file, form);
        all.add(sending);
        list.append(sending.row);
        queue.push(sending);
      }
      inputs.forEach((input) => {
        input.value = "";
      });
      chosen.textContent = "";
      form.querySelector("[name=caption]").value = "";
      work();
    },
    true,
  );

  window.addEventListener("online", () => all.forEach((sending) => sending.retry()));
  window.addEventListener("beforeunload", (event) => {
    if (rows().some((row) => ["waiting", "sending", "checking", "stopped"].includes(row.dataset.state))) event.preventDefault();
  });
})();
