// The navigator of 84 cells and the list of requirements, narrowed by the filter.

const TONES = { conforming: "moss", minor: "amber", major: "amber", unacceptable: "red" };

const kindOf = ({ judgement, severity }) => (judgement === "nonconforming" ? severity || "major" : judgement);

// What the filter lets through: a judgement, or what is the reader's in a divided team.
export const passes = (show, { fields, requirement }) => !show || (show === "mine" ? requirement.mine : fields.judgement === show);

export const makeList = ({ dom, view, places, open }) => {
  const { make, fill } = dom;
  const { navigator: cells, list, counts, progress, done: doneLine } = places;
  const { words, unassessed } = view.config;
  const label = (value) => (value === "unassessed" ? unassessed : view.labels.judgements.get(value));
  const parts = new Map();
  const none = make("li", { class: "text-soft", hidden: true }, words.none_shown);

  // Buttons are made once and stay: one that is exchanged under a finger is not pressed.
  const build = () => {
    parts.clear();
    const bands = new Map();
    for (const { requirement } of view.rows) {
      const { code, title, category, category_name: name } = requirement;
      const cell = make("button", { type: "button", onclick: () => open(code) });
      const tag = make("span");
      const state = make("span", { class: "save-state" });
      const line = make("button", { type: "button", class: "line", onclick: () => open(code) }, make("code", {}, code), make("span", {}, title), tag, requirement.holder ? make("span", { class: "holder" }, requirement.holder) : null, state);
      const item = make("li", {}, line);
      parts.set(code, { cell, tag, state, line, item });
      if (!bands.has(category)) bands.set(category, make("div", { class: "band", role: "group", "aria-label": `${category} ${name}` }, make("span", { "aria-hidden": "true" }, String(category)), make("div")));
      bands.get(category).lastChild.append(cell);
    }
    cells.replaceChildren(...bands.values());
    list.replaceChildren(...[...parts.values()].map(({ item }) => item), none);
  };

  const update = (row) => {
    const { code, title } = row.requirement;
    const { cell, tag, state, line, item } = parts.get(code);
    const kind = kindOf(row.fields);
    const quiet = row.state === "saved" || row.state === "nothing";
    const said = `${code} ${title}: ${label(row.fields.judgement)}${quiet ? "" : ` · ${row.stateWords}`}`;
    cell.className = `cell ${kind} is-${row.state}`;
    cell.setAttribute("aria-label", said);
    cell.title = said;
    for (const button of [cell, line]) {
      if (code === view.code) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    tag.className = `tag ${TONES[kind] || ""}`;
    tag.textContent = label(row.fields.judgement);
    state.hidden = quiet;
    state.dataset.state = row.tone;
    state.textContent = row.stateWords;
    item.hidden = !passes(view.show, row);
    return !item.hidden;
  };

  return () => {
    const { rows } = view;
    if (rows.length !== parts.size || rows.some(({ requirement }) => !parts.has(requirement.code))) build();
    none.hidden = rows.map(update).some(Boolean);
    const count = (show) => rows.filter((row) => passes(show, row)).length;
    for (const button of counts.querySelectorAll("[data-show]")) {
      const { show } = button.dataset;
      button.hidden = show === "mine" && !rows.some(({ requirement }) => requirement.holder);
      button.setAttribute("aria-pressed", String(show === view.show));
      button.querySelector("b").textContent = count(show);
    }
    progress.max = rows.length;
    progress.value = rows.length - count("unassessed");
    doneLine.textContent = fill(words.progress, { done: progress.value, total: rows.length });
  };
};
