// Making a tablet ready while there is a network: the audit's data, the page, its files, the worker.

const PAGES = "orime-pages";
const FILES = "orime-files";

export const able = () => "indexedDB" in window && "serviceWorker" in navigator && Boolean(window.crypto?.subtle);

export const isKept = async (config) => Boolean(await (await caches.open(PAGES)).match(config.urls.page, { ignoreVary: true }));

const filesOf = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const linked = [...page.querySelectorAll("link[href]:not([rel=manifest]), script[src]")].map((each) => each.getAttribute("href") || each.getAttribute("src"));
  const config = JSON.parse(page.getElementById("tablet-config").textContent);
  return [...linked, ...Object.values(config.modules)];
};

// The files first, then the page that needs them; files that no kept page needs are dropped.
const keepPages = async (address) => {
  const pages = await caches.open(PAGES);
  const files = await caches.open(FILES);
  const kept = (await pages.keys()).map((request) => new URL(request.url).pathname);
  const needed = new Set();
  for (const page of new Set([address, ...kept])) {
    const answer = await fetch(page, { redirect: "manual", headers: { Accept: "text/html" } });
    if (!answer.ok) {
      // Signed out, or no longer in the team: what is kept of other pages stays as it is.
      if (page === address) return false;
      if (answer.status === 403 || answer.status === 404) await pages.delete(page);
      else return false;
      continue;
    }
    const found = filesOf(await answer.clone().text());
    for (const file of found) {
      needed.add(new URL(file, location.href).href);
      const hashed = /\.[0-9a-f]{12}\./.test(file);
      if (!hashed || !(await files.match(file, { ignoreVary: true }))) await files.add(new Request(file, { cache: hashed ? "default" : "no-cache" }));
    }
    await pages.put(page, answer);
  }
  for (const request of await files.keys()) if (!needed.has(request.url)) await files.delete(request);
  return true;
};

// Without the key nothing is loaded: what is kept has to be sealed before anybody else works here.
const keepKey = async (store, config) => {
  const answer = await fetch(config.urls.keys, { redirect: "manual", headers: { Accept: "application/json" } });
  if (!answer.ok) return false;
  const [{ id, key }] = (await answer.json()).keys;
  const bytes = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
  const value = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await store.write(["settings"], (verbs) => verbs("settings").put({ name: "key", id, value }));
  return true;
};

export const loadData = async (store, config) => {
  const answer = await fetch(config.urls.data, { redirect: "manual", headers: { Accept: "application/json" } });
  if (!answer.ok) return false;
  const { findings, ...audit } = await answer.json();
  if (audit.person !== config.person) return false;
  await store.write(["audits", "findings"], async (verbs) => {
    await verbs("audits").put(audit);
    for (const finding of findings) {
      const known = await verbs("findings").get([audit.number, finding.code]);
      // What was confirmed while this was on its way is newer.
      if (!known || known.version < finding.version) await verbs("findings").put({ number: audit.number, ...finding });
    }
  });
  return true;
};

export const prepare = async (store, config) => {
  if (!((await keepKey(store, config)) && (await loadData(store, config)))) return false;
  if (navigator.storage?.persist) navigator.storage.persist().catch(() => {});
  await navigator.serviceWorker.register(config.urls.worker, { scope: config.urls.scope });
  return keepPages(config.urls.page);
};
