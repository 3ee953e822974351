// Photos of one finding: taken with the tablet, kept on it, and listed until the server has them.

export const makePhotos = ({ dom, view, add, giveUp, say }) => {
  const { make, fill } = dom;
  const { config } = view;
  const { words, limits } = config;
  const pictures = new Map();

  const picture = (photo) => {
    if (!pictures.has(photo.key)) pictures.set(photo.key, URL.createObjectURL(new Blob([photo.content], { type: photo.type })));
    return pictures.get(photo.key);
  };

  const forget = (photos) => {
    const kept = new Set(photos.map(({ key }) => key));
    for (const [key, address] of pictures) {
      if (kept.has(key)) continue;
      URL.revokeObjectURL(address);
      pictures.delete(key);
    }
  };

  const chosen = async (input, code, form) => {
    const files = [...input.files];
    const data = new FormData(form);
    for (const file of files) {
      if (file.size > limits.photo) {
        say(fill(words.too_large, { name: file.name, limit: Math.floor(limits.photo / 1024 / 1024) }));
        continue;
      }
      await add(code, { file, caption: String(data.get("caption") || ""), evidence_class: data.get("evidence_class") });
    }
    input.value = "";
  };

  const input = (label, code, more) =>
    make("label", { class: "button" }, make("span", {}, label), make("input", { type: "file", class: "vh", multiple: true, onchange: (event) => chosen(event.target, code, event.target.form), ...more }));

  const form = ({ requirement }) =>
    make(
      "form",
      { class: "upload", onsubmit: (event) => event.preventDefault() },
      make("div", { class: "upload-how" }, make("div", { class: "field" }, make("label", { for: "t-caption" }, words.caption), make("input", { id: "t-caption", name: "caption", type: "text", maxlength: 200, placeholder: words.caption_help })), make("div", { class: "field" }, make("label", { for: "t-class" }, words.class), make("select", { id: "t-class", name: "evidence_class" }, config.classes.map(([value, text]) => make("option", { value, selected: value === "restricted" }, text))))),
      make("div", { class: "upload-in" }, input(words.take, requirement.code, { accept: "image/*", capture: "environment" }), input(words.choose_files, requirement.code, { accept: config.accept, "data-files": true })),
    );

  const waiting = (photo) =>
    make(
      "li",
      {},
      make(
        "figure",
        {},
        photo.type.startsWith("image/") ? make("img", { src: picture(photo), alt: photo.caption || photo.name }) : make("span", { class: "file" }, photo.name.slice(-12)),
        make("figcaption", {}, photo.caption || photo.name, make("br"), photo.state === "refused" ? fill(words.refused, { sentence: photo.sentence }) : words.photo_waiting),
        photo.state === "refused" ? make("button", { type: "button", onclick: () => window.confirm(words.give_up) && giveUp(photo.key) }, words.give_up_short) : null,
      ),
    );

  return (place, row) => {
    const { code, evidence } = row.requirement;
    if (place.dataset.of !== code) {
      place.dataset.of = code;
      place.replaceChildren(make("h3", {}, words.evidence), make("ul", { class: "evidence", "data-waiting": true }), make("ul", { class: "meta", "data-stored": true }), ...(view.audit.writable ? [form(row)] : []));
    }
    forget(view.items.filter(({ kind }) => kind === "photo"));
    const mark = row.photos.map(({ key, state, sentence }) => `${key} ${state} ${sentence}`).join("|");
    const list = place.querySelector("[data-waiting]");
    if (list.dataset.of !== mark) {
      list.dataset.of = mark;
      list.replaceChildren(...row.photos.map(waiting));
    }
    place.querySelector("[data-stored]").replaceChildren(...evidence.map((line) => make("li", {}, line)));
  };
};
