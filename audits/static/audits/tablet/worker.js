// Answers for the portal when there is no network, from what prepare.js has put aside.

const PAGES = "orime-pages";
const FILES = "orime-files";
const PATIENCE = 5000;
// The pages are kept by address; what a server varies by does not matter here.
const LOOSELY = { ignoreVary: true };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A navigation cannot be aborted by hand; whoever is first answers.
const inTime = (request) =>
  Promise.race([fetch(request), new Promise((_resolve, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE))]);

const tabletOf = (path) => {
  const found = path.match(/^(.*\/audits\/[A-Z]+-[0-9]{4}-[0-9]+\/)/);
  return found ? `${found[1]}tablet/` : null;
};

// A page that cannot be had leads to the tablet page of its audit, or of the audit kept last.
const instead = async (path) => {
  const pages = await caches.open(PAGES);
  const tablet = tabletOf(path);
  if (tablet === path) return pages.match(path, LOOSELY);
  if (tablet && (await pages.match(tablet, LOOSELY))) return Response.redirect(tablet);
  const kept = await pages.keys();
  return kept.length && !tablet ? Response.redirect(new URL(kept.at(-1).url).pathname) : undefined;
};

const page = async (request) => {
  const path = new URL(request.url).pathname;
  const known = (await caches.open(PAGES)).match(path, LOOSELY);
  try {
    // Without anything to show instead, the network has all the time that it needs.
    const answer = await ((await known) ? inTime(request) : fetch(request));
    if (answer.status < 500) return answer;
    return (await instead(path)) || answer;
  } catch (error) {
    const other = await instead(path);
    if (other) return other;
    throw error;
  }
};

const file = async (request) => {
  const kept = await caches.match(request, { ...LOOSELY, cacheName: FILES });
  const hashed = /\.[0-9a-f]{12}\./.test(request.url);
  if (kept && hashed) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (["script", "style", "image"].includes(request.destination)) event.respondWith(file(request));
});
