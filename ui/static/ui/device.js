// Whose device this is. What a tablet keeps belongs to one person: before somebody else works here,
// and after a sign-out, it is gone or sealed with a key that the server gives to its person alone.
(() => {
  "use strict";

  const OWNER = "orime.owner";
  const PAGES = "orime-pages";
  const BASE = "orime-tablet-";
  const PATIENCE = 20_000;

  const note = {
    get: (name) => {
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        if (value) localStorage.setItem(name, value);
        else localStorage.removeItem(name);
      } catch {
        // a browser that keeps no notes keeps no work either
      }
    },
  };

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });

  const ended = (transaction) =>
    new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });

  // Buffers as text, so that one sealed piece is one piece of JSON with its photo in it.
  const SIZE = 32_768;
  const toText = (buffer) => {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let at = 0; at < bytes.length; at += SIZE) text += String.fromCharCode(...bytes.subarray(at, at + SIZE));
    return btoa(text);
  };
  const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  const open = async (person) => {
    const base = await asked(indexedDB.open(BASE + person));
    base.onversionchange = () => base.close();
    return base;
  };

  const tables = ["audits", "findings", "outbox", "receipts", "sealed", "settings"];

  // What was not sent is sealed, everything else goes; all of it or nothing.
  const seal = async (person) => {
    const base = await open(person);
    try {
      if (!tables.every((name) => base.objectStoreNames.contains(name))) return false;
      const reading = base.transaction(["outbox", "settings"]);
      const [items, key] = await Promise.all([asked(reading.objectStore("outbox").getAll()), asked(reading.objectStore("settings").get("key"))]);
      if (items.length && !key) return false;
      const sealed = [];
      for (const item of items) {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const plain = new TextEncoder().encode(JSON.stringify({ ...item, content: item.content && toText(item.content) }));
        sealed.push({ key: item.key, id: key.id, iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key.value, plain) });
      }
      const writing = base.transaction(tables, "readwrite", { durability: "strict" });
      const done = ended(writing);
      for (const one of sealed) writing.objectStore("sealed").put(one);
      for (const name of ["audits", "findings", "outbox", "receipts"]) writing.objectStore(name).clear();
      writing.objectStore("settings").delete("key");
      await done;
      if (sealed.length) note.set(`orime.sealed.${person}`, String(sealed.length));
      return true;
    } finally {
      base.close();
    }
  };

  const keysFrom = async (address) => {
    const answer = await fetch(address, { redirect: "manual", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("keys");
    const found = new Map();
    for (const { id, key } of (await answer.json()).keys) found.set(id, await crypto.subtle.importKey("raw", toBytes(key), "AES-GCM", false, ["encrypt", "decrypt"]));
    return found;
  };

  const unseal = async (person, address) => {
    const keys = await keysFrom(address);
    const base = await open(person);
    try {
      const sealed = await asked(base.transaction("sealed").objectStore("sealed").getAll());
      const opened = [];
      for (const { key, id, iv, data } of sealed) {
        // Sealed with a key that the server no longer has: it stays as it is.
        if (!keys.has(id)) continue;
        const item = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, keys.get(id), data)));
        if (item.content) item.content = toBytes(item.content).buffer;
        opened.push([key, item]);
      }
      const writing = base.transaction(["outbox", "sealed"], "readwrite", { durability: "strict" });
      const done = ended(writing);
      for (const [key, item] of opened) {
        writing.objectStore("outbox").put(item);
        writing.objectStore("sealed").delete(key);
      }
      await done;
      const left = sealed.length - opened.length;
      note.set(`orime.sealed.${person}`, left ? String(left) : "");
      const waiting = {};
      for (const [, { number }] of opened) waiting[number] = (waiting[number] || 0) + 1;
      note.set(`orime.unsent.${person}`, opened.length ? JSON.stringify(waiting) : "");
    } finally {
      base.close();
    }
  };

  const waiting = async (person) => {
    const base = await open(person);
    try {
      const names = ["outbox", "sealed"].filter((name) => base.objectStoreNames.contains(name));
      if (!names.length) return 0;
      const reading = base.transaction(names);
      const counts = await Promise.all(names.map((name) => asked(reading.objectStore(name).count())));
      return counts.reduce((one, other) => one + other, 0);
    } finally {
      base.close();
    }
  };

  // The device leaves this person's hands.
  const leave = async (person) => {
    if (window.caches) await caches.delete(PAGES);
    if (!window.indexedDB) return;
    if (await waiting(person)) await seal(person);
    else await asked(indexedDB.deleteDatabase(BASE + person));
  };

  const known = async () => {
    const names = indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [];
    const owner = note.get(OWNER);
    return new Set([...names.filter((name) => name.startsWith(BASE)).map((name) => name.slice(BASE.length)), ...(owner ? [owner] : [])]);
  };

  const unsent = (person) => {
    try {
      return Object.values(JSON.parse(note.get(`orime.unsent.${person}`)) || {}).reduce((one, other) => one + other, 0);
    } catch {
      return 0;
    }
  };

  const arrive = async (person, address) => {
    if (note.get(OWNER) !== person) {
      // From here on no page of the others shows or takes anything.
      note.set(OWNER, person);
      if (window.caches) await caches.delete(PAGES);
      if (window.indexedDB) for (const other of await known()) if (other !== person) await leave(other);
    }
    if (note.get(`orime.sealed.${person}`)) await unseal(person, address);
  };

  const here = document.querySelector("form[data-person]");
  const arrived = here ? arrive(here.dataset.person, here.dataset.keys).catch(() => {}) : Promise.resolve();
  window.orime = { owner: () => note.get(OWNER), arrived, others: () => Object.keys(localStorage).filter((name) => name.startsWith("orime.sealed.")).map((name) => name.slice(13)) };

  const signOut = async (form, person) => {
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    } catch {
      // Still signed in: nothing was taken away.
      window.alert(form.dataset.offline);
      return;
    }
    if (answer.type !== "opaqueredirect" && !answer.ok) {
      form.dataset.leaving = "1";
      form.submit();
      return;
    }
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    // What could not be sealed in time is sealed before the next person works here.
    await Promise.race([leave(person).catch(() => {}), late]);
    note.set(OWNER, "");
    location.assign(form.dataset.next || "/");
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const { person, unsent: words } = form.dataset;
      if (!person || form.dataset.leaving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const count = unsent(person);
      if (count && !window.confirm(words.replace("{count}", count))) return;
      signOut(form, person);
    },
    true,
  );
})();
