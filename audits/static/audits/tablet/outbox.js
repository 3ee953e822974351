// What waits to be sent. Nothing leaves it before a receipt has come that names it by key and hash;
// what the server did not take stays until its person has decided.

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// The same bytes as the server's: JSON, keys sorted, no spaces, UTF-8.
export const canonical = (fields) =>
  new TextEncoder().encode(JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))));

export const isOpen = (item) => item.state === "conflict" || item.state === "refused";

export const makeOutbox = (store, config) => {
  const changes = new EventTarget();
  const { number, person } = config;
  let chain = Promise.resolve();

  const one = (act) => {
    const turn = chain.then(act);
    chain = turn.catch(() => {});
    return turn;
  };

  const inOrder = (items) => items.sort((a, b) => a.made - b.made);
  const all = async () => inOrder(await store.read(["outbox"], (verbs) => verbs("outbox").all()));
  const of = async (audit) => (await all()).filter((item) => item.number === audit);
  const ours = () => of(number);

  // Pages that know nothing of the store read the counts: they lead here, and warn before a sign-out.
  const tell = async () => {
    const counts = {};
    for (const item of await all()) counts[item.number] = (counts[item.number] || 0) + 1;
    try {
      if (Object.keys(counts).length) localStorage.setItem(`orime.unsent.${person}`, JSON.stringify(counts));
      else localStorage.removeItem(`orime.unsent.${person}`);
    } catch {
      // a browser that keeps no such notes cannot warn
    }
    changes.dispatchEvent(new Event("change"));
  };

  const put = (item) => store.write(["outbox"], (verbs) => verbs("outbox").put(item));
  // The order in which things were made holds whatever the tablet's clock does, also across a restart.
  const after = (waiting) => Math.max(Date.now(), (waiting.at(-1)?.made || 0) + 1);

  // Keep a finding as it was seen at `version`. One that was never sent is written over; one that may
  // have reached the server is left as it is, and this one stands behind it.
  const saveFinding = (code, fields, version) =>
    one(async () => {
      const hash = await sha256(canonical(fields));
      const waiting = await all();
      const before = waiting.filter((item) => item.number === number && item.kind === "finding" && item.code === code);
      const latest = before.at(-1);
      // What was typed on `version` while that same version was being confirmed stands on the new one.
      const stored = await store.read(["findings"], (verbs) => verbs("findings").get([number, code]));
      const base = latest ? latest.version : stored?.over === version ? stored.version : version;
      if (latest && latest.sha256 === hash) return;
      const item =
        latest && (!latest.sent || isOpen(latest))
          ? { ...latest, fields, sha256: hash, key: latest.sent && latest.state !== "conflict" ? crypto.randomUUID() : latest.key }
          : { key: crypto.randomUUID(), kind: "finding", number, code, version: base, fields, sha256: hash, sent: false, state: "waiting", made: after(waiting) };
      if (item.state === "refused") Object.assign(item, { state: "waiting", sentence: "", sent: false });
      await store.write(["outbox"], async (verbs) => {
        if (latest && item.made === latest.made && item.key !== latest.key) await verbs("outbox").remove(latest.key);
        await verbs("outbox").put(item);
      });
      await tell();
    });

  const addPhoto = (code, photo) =>
    one(async () => {
      const content = await photo.file.arrayBuffer();
      await put({
        key: crypto.randomUUID(),
        kind: "photo",
        number,
        code,
        content,
        sha256: await sha256(content),
        name: photo.file.name || "photo.jpg",
        type: photo.file.type,
        caption: photo.caption,
        evidence_class: photo.evidence_class,
        taken_at: new Date(photo.file.lastModified || Date.now()).toISOString(),
        sent: false,
        state: "waiting",
        made: after(await all()),
      });
      await tell();
    });

  // The two versions were compared: what was chosen goes out anew, on the version that was seen.
  const resolve = (key, fields) =>
    one(async () => {
      const hash = await sha256(canonical(fields));
      await store.write(["outbox"], async (verbs) => {
        const old = await verbs("outbox").get(key);
        await verbs("outbox").remove(key);
        const fresh = { ...old, key: crypto.randomUUID(), version: old.current.version, fields, sha256: hash, sent: false, state: "waiting" };
        delete fresh.current;
        await verbs("outbox").put(fresh);
      });
      await tell();
    });

  // A photo that the server refuses for good is given up by its person alone.
  const giveUp = (key) =>
    one(async () => {
      await store.write(["outbox"], (verbs) => verbs("outbox").remove(key));
      await tell();
    });

  const retryRefused = () =>
    one(async () => {
      for (const item of (await ours()).filter((each) => each.state === "refused")) await put({ ...item, state: "waiting", sentence: "" });
      await tell();
    });

  // Choose what is sent next and mark findings: from here on they are not written over. Photos never
  // are; to write them once more for a mark would need room, and sending is what makes room.
  const take = (choose, audit = number) =>
    one(async () => {
      const chosen = choose(await of(audit));
      await store.write(["outbox"], async (verbs) => {
        for (const item of chosen) if (item.kind === "finding" && !item.sent) await verbs("outbox").put({ ...item, sent: true });
      });
      return chosen;
    });

  // Take an answer in: in one transaction the receipt is kept, what it confirms leaves the outbox,
  // and what stood behind it stands on the new version.
  const settle = (receipt, items, audit = number) =>
    one(async () => {
      await store.write(["outbox", "findings", "receipts"], async (verbs) => {
        const waiting = inOrder(await verbs("outbox").all());
        const names = waiting.map(({ key, code, kind, name }) => [key, { code, kind, name }]);
        await verbs("receipts").put({ number: audit, receipt, names: Object.fromEntries(names.filter(([key]) => items.some((each) => each.key === key))), at: new Date().toISOString() });
        for (const answer of items) {
          const item = waiting.find((each) => each.key === answer.key && each.sha256 === answer.sha256);
          if (!item) continue;
          const behind = waiting.find((each) => each.kind === "finding" && item.kind === "finding" && each.number === audit && each.code === item.code && each.made > item.made);
          if (answer.outcome === "saved" || answer.outcome === "same") {
            await verbs("outbox").remove(item.key);
            if (item.kind !== "finding") continue;
            if (behind) await verbs("outbox").put({ ...behind, version: answer.version });
            await verbs("findings").put({ number: audit, code: item.code, version: answer.version, over: item.version, fields: item.fields, who: "", at: new Date().toISOString() });
          } else {
            // What was typed later holds everything of the earlier: it takes over the question.
            const open = behind || item;
            if (behind) await verbs("outbox").remove(item.key);
            if (answer.outcome === "conflict") {
              await verbs("outbox").put({ ...open, state: "conflict", current: { ...answer.current }, sent: true });
              await verbs("findings").put({ number: audit, code: item.code, ...answer.current });
            } else if (!behind) {
              await verbs("outbox").put({ ...item, state: "refused", sentence: answer.sentence || "" });
            }
          }
        }
      });
      await tell();
    });

  return { changes, all, ours, saveFinding, addPhoto, resolve, giveUp, retryRefused, take, settle, tell };
};
