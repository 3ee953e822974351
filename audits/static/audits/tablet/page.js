// The tablet page: everything it shows comes from the tablet, everything it takes is kept there first.

const config = JSON.parse(document.getElementById("tablet-config").textContent);
const { words, number } = config;
const at = (name) => document.querySelector(`[data-at="${name}"]`);
const trouble = (text) => {
  at("trouble").textContent = text;
  at("trouble-box").hidden = !text;
};

const start = async () => {
  const names = Object.keys(config.modules);
  const loaded = await Promise.all(names.map((name) => import(config.modules[name])));
  const { store: stores, outbox: boxes, sync: syncs, prepare, dom, list, card, photos, conflict, receipts } = Object.fromEntries(names.map((name, place) => [name, loaded[place]]));
  if (!prepare.able()) {
    trouble(words.unable);
    return;
  }
  await window.orime?.arrived;
  // Another person works on this device now: a page from before neither shows nor takes anything.
  const isOurs = () => !window.orime?.owner() || window.orime.owner() === config.person;
  if (!isOurs()) {
    trouble(words.somebody_else);
    return;
  }
  const store = await stores.openStore(config.person);
  const outbox = boxes.makeOutbox(store, config);
  const client = await store.client();
  const sync = syncs.makeSync({ outbox, config, client, isOpen: boxes.isOpen });
  const labels = { judgements: new Map(config.judgements), severities: new Map(config.severities), methods: new Map(config.methods) };
  const view = { config, labels, audit: null, rows: [], items: [], others: 0, show: "", code: decodeURIComponent(location.hash.slice(1)) };

  // Whatever cannot be kept is said at once, with what it means.
  const kept = async (act) => {
    try {
      await act();
      trouble("");
      return true;
    } catch (error) {
      trouble(error.name === "QuotaExceededError" ? words.quota : dom.fill(words.broken, { error: error.name }));
      return false;
    }
  };

  const stateOf = (items, version) => {
    const open = items.find(boxes.isOpen);
    if (open) return [open.state, "failed", open.state === "conflict" ? words.conflict : dom.fill(words.refused, { sentence: open.sentence })];
    if (items.some(({ key }) => sync.state.sending.has(key))) return ["sending", "saving", words.sending];
    if (items.length) return ["waiting", "offline", words.waiting];
    return version > 1 ? ["saved", "saved", dom.fill(words.saved, { version })] : ["nothing", "dirty", words.nothing];
  };

  const read = async () => {
    const [audit, findings] = await store.read(["audits", "findings"], async (verbs) => [await verbs("audits").get(number), await verbs("findings").all(store.ofAudit(number))]);
    view.audit = audit;
    const waiting = await outbox.all();
    view.items = waiting.filter((item) => item.number === number);
    view.others = waiting.length - view.items.length;
    if (!audit) return;
    const stored = new Map(findings.map((each) => [each.code, each]));
    view.rows = audit.requirements.map((requirement) => {
      const items = view.items.filter(({ code }) => code === requirement.code);
      const typed = items.filter(({ kind }) => kind === "finding").at(-1);
      const { fields, version } = stored.get(requirement.code);
      const [state, tone, stateWords] = stateOf(items, version);
      return { requirement, fields: typed?.fields || fields, version: typed?.version || version, typed, photos: items.filter(({ kind }) => kind === "photo"), state, tone, stateWords };
    });
  };

  const summary = () => {
    const { items } = view;
    const count = (state) => items.filter((item) => item.state === state).length;
    const lines = [
      [count("waiting"), words.to_send],
      [count("conflict"), words.conflicts],
      [count("refused"), words.refusals],
      [view.others, words.others],
    ].filter(([many]) => many);
    at("summary").textContent = lines.length ? lines.map(([many, text]) => dom.fill(text, { count: many })).join(" · ") : words.all_sent;
    at("summary").dataset.state = sync.state.busy ? "saving" : count("conflict") + count("refused") ? "failed" : lines.length ? "offline" : "saved";
    at("network").textContent = sync.state.trouble;
    at("network").hidden = !sync.state.trouble;
    at("sign-in").hidden = !sync.state.signIn;
    at("data").textContent = view.audit ? dom.fill(words.data_at, { time: dom.when(view.audit.at) }) : "";
    at("send").disabled = sync.state.busy;
  };

  const sheet = card.makeCard({
    dom,
    view,
    place: at("card"),
    keep: (code, fields, version) => kept(() => outbox.saveFinding(code, fields, version)),
    after: () => draw(),
    extras: (place, row) => {
      showConflict(place.querySelector("[data-conflict]"), row.typed);
      showPhotos(place.querySelector("[data-photos]"), row);
    },
  });
  const open = async (code) => {
    if (!(await sheet.flush())) return;
    view.code = code;
    history.replaceState(null, "", `#${encodeURIComponent(code)}`);
    await draw();
    at("card").scrollIntoView({ block: "start" });
    document.getElementById("req-title")?.focus({ preventScroll: true });
  };
  const showList = list.makeList({ dom, view, open, places: { navigator: at("navigator"), list: at("list"), counts: at("counts"), progress: at("progress"), done: at("done") } });
  const showPhotos = photos.makePhotos({ dom, view, say: trouble, add: (code, photo) => kept(() => outbox.addPhoto(code, photo)), giveUp: (key) => kept(() => outbox.giveUp(key)) });
  const showConflict = conflict.makeConflict({
    dom,
    view,
    decide: async (key, fields) => {
      if ((await sheet.flush()) && (await kept(() => outbox.resolve(key, fields)))) await draw();
    },
  });

  const showReceipts = receipts.makeReceipts({ dom, config, store, read: syncs.readReceipt, labels: new Map(config.outcomes), place: at("receipts") });
  const render = async () => {
    const mark = sheet.edits();
    await read();
    summary();
    await showReceipts();
    if (!view.audit) {
      trouble(words.no_data);
      return;
    }
    at("work").hidden = false;
    at("reading").hidden = view.audit.writable;
    if (!view.rows.some(({ requirement }) => requirement.code === view.code)) view.code = (view.rows.find(({ fields }) => fields.judgement === "unassessed") || view.rows[0]).requirement.code;
    showList();
    sheet.show(view.rows.find(({ requirement }) => requirement.code === view.code), mark);
  };
  let drawing = Promise.resolve();
  const draw = () => {
    drawing = drawing.then(render).catch((error) => trouble(dom.fill(words.broken, { error: error.name })));
    return drawing;
  };

  const next = (step) => {
    const shown = view.rows.filter((row) => list.passes(view.show, row) || row.requirement.code === view.code);
    const place = shown.findIndex(({ requirement }) => requirement.code === view.code) + step;
    if (shown[place]) open(shown[place].requirement.code);
  };
  at("previous").addEventListener("click", () => next(-1));
  at("next").addEventListener("click", () => next(1));
  at("counts").addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    view.show = button.dataset.show;
    draw();
  });

  const refresh = async () => {
    try {
      await prepare.prepare(store, config);
    } catch {
      // no network, or no room for the page's files: what is there is used
    }
    await draw();
  };
  const send = async () => {
    await sheet.flush();
    if (await sync.run()) await refresh();
  };
  at("send").addEventListener("click", async () => {
    await outbox.retryRefused();
    send();
  });

  let soon = 0;
  outbox.changes.addEventListener("change", () => {
    draw();
    clearTimeout(soon);
    soon = setTimeout(() => navigator.onLine && view.items.some((item) => !boxes.isOpen(item)) && sync.run(), 1500);
  });
  sync.changes.addEventListener("change", () => draw());
  window.addEventListener("storage", () => {
    if (isOurs()) return;
    at("work").hidden = true;
    trouble(words.somebody_else);
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => sync.run());
  document.addEventListener("visibilitychange", () => (document.hidden ? sheet.flush() : sync.run()));
  window.addEventListener("beforeunload", (event) => sheet.isStuck() && event.preventDefault());
  window.addEventListener("pagehide", () => sheet.flush());

  await outbox.tell();
  await draw();
  document.body.dataset.tablet = "ready";
  if (navigator.onLine) {
    if (await sync.run()) await refresh();
  } else await sync.run();
};

start().catch((error) => trouble(words.broken.replace("{error}", error.name)));
