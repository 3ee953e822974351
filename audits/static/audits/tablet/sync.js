// Sending what waits: findings in batches, photos one by one, again and again until it is confirmed.

const AGAIN = 20_000;

// What a signed receipt says; the signature itself is the server's business, the content is ours.
export const readReceipt = (text) => {
  const bytes = Uint8Array.from(atob(text.split(":")[0].replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
};

export const makeSync = ({ outbox, config, client, isOpen }) => {
  const changes = new EventTarget();
  const { number, person, urls, limits, words } = config;
  const state = { busy: false, trouble: "", signIn: false, sending: new Set() };
  let timer = 0;

  const say = (change) => {
    Object.assign(state, change);
    changes.dispatchEvent(new Event("change"));
  };

  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || ["", ""])[1];

  // Send, and return the confirmed outcomes of `items`; null when nothing came through.
  const send = async (audit, url, body, items, headers = {}) => {
    let answer;
    try {
      answer = await fetch(url.replace(number, audit), { method: "POST", body, redirect: "manual", headers: { ...headers, "X-CSRFToken": token() } });
    } catch {
      say({ trouble: words.offline, signIn: false });
      return null;
    }
    const plain = (answer.headers.get("Content-Type") || "").split(";")[0];
    if (answer.type === "opaqueredirect" || (answer.status === 403 && plain !== "application/problem+json")) {
      say({ trouble: words.sign_in, signIn: true });
      return null;
    }
    if (plain === "application/problem+json") {
      const { title, detail } = await answer.json();
      say({ trouble: `${detail || title} ${words.kept}`, signIn: false });
      return null;
    }
    if (!answer.ok) {
      say({ trouble: words.server.replace("{status}", answer.status), signIn: false });
      return null;
    }
    try {
      const said = await answer.json();
      const receipt = readReceipt(said.receipt);
      const signed = new Map(receipt.items.map((line) => [line[0], line]));
      const fits =
        receipt.audit === audit &&
        receipt.client === client &&
        items.every(({ key, sha256 }) => signed.get(key)?.[1] === sha256) &&
        said.items.every((row) => signed.get(row.key)?.[2] === row.outcome && signed.get(row.key)[1] === row.sha256);
      if (!fits) throw new Error("receipt");
      return said;
    } catch {
      say({ trouble: words.receipt, signIn: false });
      return null;
    }
  };

  // One finding of a requirement at a time: what stands behind it waits for its new version.
  const nextBatch = (items) => {
    const taken = new Map();
    let bytes = 0;
    for (const item of items) {
      if (item.kind !== "finding" || taken.has(item.code)) continue;
      taken.set(item.code, isOpen(item) ? null : item);
      if (isOpen(item)) continue;
      bytes += 400 + 3 * JSON.stringify(item.fields).length;
      const count = [...taken.values()].filter(Boolean).length;
      if (bytes > limits.bytes && count > 1) {
        taken.delete(item.code);
        break;
      }
      if (count >= limits.items) break;
    }
    return [...taken.values()].filter(Boolean);
  };

  const sendFindings = async (audit) => {
    for (;;) {
      const batch = await outbox.take(nextBatch, audit);
      if (!batch.length) return true;
      say({ sending: new Set(batch.map(({ key }) => key)) });
      const items = batch.map(({ key, kind, code, version, fields, sha256 }) => ({ key, kind, code, version, fields, sha256 }));
      const body = JSON.stringify({ client, person, items });
      const said = await send(audit, urls.sync, body, batch, { "Content-Type": "application/json" });
      if (!said) return false;
      await outbox.settle(said.receipt, said.items, audit);
    }
  };

  const sendPhotos = async (audit) => {
    for (;;) {
      const [photo] = await outbox.take((items) => items.filter((item) => item.kind === "photo" && !isOpen(item)).slice(0, 1), audit);
      if (!photo) return true;
      say({ sending: new Set([photo.key]) });
      const body = new FormData();
      for (const name of ["key", "sha256", "code", "caption", "evidence_class", "taken_at"]) body.set(name, photo[name]);
      body.set("client", client);
      body.set("person", person);
      body.set("photo", new Blob([photo.content], { type: photo.type }), photo.name);
      const said = await send(audit, urls.photo, body, [photo]);
      if (!said) return false;
      await outbox.settle(said.receipt, said.items, audit);
    }
  };

  // A tablet without room cannot note what it sends. That is said, and photos go all the same.
  const attempt = async (act, audit) => {
    try {
      return await act(audit);
    } catch (error) {
      say({ trouble: words.stuck.replace("{error}", error.name) });
      return "stuck";
    }
  };
  const sendAll = async (audit) => {
    const findings = await attempt(sendFindings, audit);
    return Boolean(findings) && (await attempt(sendPhotos, audit)) === true && findings === true;
  };

  const work = async () => {
    if (state.busy) return false;
    clearTimeout(timer);
    say({ busy: true, trouble: "", signIn: false });
    let through = false;
    try {
      through = await sendAll(number);
      // What waits of other audits goes along; one that is refused there does not hold up this one.
      const others = new Set((await outbox.all()).filter((item) => item.number !== number && !isOpen(item)).map((item) => item.number));
      for (const audit of state.signIn ? [] : others) await sendAll(audit);
    } finally {
      say({ busy: false, sending: new Set() });
    }
    const left = (await outbox.ours()).some((item) => !isOpen(item));
    if (left && !state.signIn) timer = setTimeout(run, AGAIN);
    return through;
  };

  // Two windows of one tablet take turns; should both send, the keys keep it from counting twice.
  const run = () =>
    navigator.onLine === false
      ? Promise.resolve(say({ trouble: words.offline, signIn: false }))
      : navigator.locks
        ? navigator.locks.request(`orime-sync-${person}`, { ifAvailable: true }, (lock) => lock && work())
        : work();

  return { changes, state, run };
};
