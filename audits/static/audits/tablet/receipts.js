// What the server has confirmed: each receipt with its time and hashes, and a way to have it checked.

export const makeReceipts = ({ dom, config, store, read, labels, place }) => {
  const { make, fill, when } = dom;
  const { words, number } = config;
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || ["", ""])[1];

  // A plain form: the check is a page of the server, not a word of this one.
  const check = (texts, label) =>
    make(
      "form",
      { method: "post", action: config.urls.receipts, onsubmit: (event) => (event.target.elements.csrfmiddlewaretoken.value = token()) },
      make("input", { type: "hidden", name: "csrfmiddlewaretoken" }),
      make("input", { type: "hidden", name: "receipts", value: texts.join("\n") }),
      make("button", { type: "submit", class: "small" }, label),
    );

  const line = ([key, sha256, outcome, version, stored, code], names) => {
    const { kind, name } = names?.[key] || {};
    const what = kind === "photo" || stored ? `${words.photo} ${name || ""}` : version ? fill(words.version, { version }) : "";
    return make(
      "li",
      {},
      make("b", {}, code || names?.[key]?.code || ""),
      ` ${what} · ${labels.get(outcome) || outcome}`,
      make("br"),
      make("code", { class: "hash" }, sha256),
      stored ? [make("br"), `${words.as_stored} `, make("code", { class: "hash" }, stored)] : null,
    );
  };

  const one = ({ receipt, names }) => {
    const { at, items } = read(receipt);
    return make(
      "li",
      {},
      make("details", {}, make("summary", {}, `${when(at)} · ${fill(words.received, { count: items.length })}`), make("ul", { class: "receipt-lines" }, items.map((item) => line(item, names))), make("p", { class: "receipt-text" }, make("code", {}, receipt)), check([receipt], words.check)),
    );
  };

  let shown = -1;
  return async () => {
    const all = (await store.read(["receipts"], (verbs) => verbs("receipts").all())).filter((each) => each.number === number);
    if (all.length === shown) return;
    shown = all.length;
    place.hidden = !all.length;
    place.querySelector("[data-count]").textContent = all.length;
    place.querySelector("[data-receipts]").replaceChildren(...all.reverse().map(one));
    place.querySelector("[data-check-all]").replaceChildren(all.length ? check(all.slice(0, 300).map(({ receipt }) => receipt), words.check_all) : "");
  };
};
