// On the fieldwork page: while there is a network, the tablet is made ready for work without one.

const config = JSON.parse(document.getElementById("tablet-config").textContent);

// Opened again and again during a visit: what was loaded a moment ago is good enough.
const FRESH = 5 * 60_000;

const start = async () => {
  const [stores, { able, isKept, prepare }] = await Promise.all([import(config.modules.store), import(config.modules.prepare)]);
  await window.orime?.arrived;
  if (!able()) return;
  const store = await stores.openStore(config.person);
  const known = await store.read(["audits"], (verbs) => verbs("audits").get(config.number));
  const fresh = known && Date.now() - new Date(known.at) < FRESH && (await isKept(config));
  if (fresh || (await prepare(store, config))) document.querySelector("[data-tablet-ready]").hidden = false;
};

// Without room or without a network the page works as before; the tablet page says what is wrong.
start().catch(() => {});
