// On the fieldwork page: while there is a network, the tablet is made ready for work without one.

const config = JSON.parse(document.getElementById("tablet-config").textContent);

const start = async () => {
  const [stores, { able, prepare }] = await Promise.all([import(config.modules.store), import(config.modules.prepare)]);
  const line = document.querySelector("[data-tablet-ready]");
  if (!able()) return;
  const store = await stores.openStore(config.person);
  if ((await prepare(store, config)) && line) line.hidden = false;
};

// Without room or without a network the page works as before; the tablet page says what is wrong.
start().catch(() => {});
