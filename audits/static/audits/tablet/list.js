// The navigator of 84 cells and the list of requirements, narrowed by the filter.

export const makeList = ({ dom, view, places, open }) => {
  const { make, fill } = dom;
  const { navigator: cells, list, counts, progress, done: doneLine } = places;
  const label = (value) => (value === "unassessed" ? view.config.unassessed : view.labels.judgements.get(value));

  const kind = ({ judgement, severity }) => (judgement === "nonconforming" ? severity || "major" : judgement);
  const passes = (row) => !view.show || row.fields.judgement === view.show;

  const cell = (row) => {
    const { code, title } = row.requirement;
    const words = `${code} ${title}: ${label(row.fields.judgement)}${row.state === "saved" || row.state === "nothing" ? "" : ` · ${row.stateWords}`}`;
    return make("button", {
      type: "button",
      class: `cell ${kind(row.fields)} is-${row.state}`,
      "aria-label": words,
      title: words,
      "aria-current": row.requirement.code === view.code ? "true" : null,
      onclick: () => open(code),
    });
  };

  const line = (row) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "line", "aria-current": row.requirement.code === view.code ? "true" : null, onclick: () => open(row.requirement.code) },
        make("code", {}, row.requirement.code),
        make("span", {}, row.requirement.title),
        make("span", { class: `tag j-${kind(row.fields)}` }, label(row.fields.judgement)),
        row.state === "saved" || row.state === "nothing" ? null : make("span", { class: "save-state", "data-state": row.tone }, row.stateWords),
      ),
    );

  return () => {
    const rows = view.rows;
    const bands = Map.groupBy ? Map.groupBy(rows, (row) => row.requirement.category) : new Map();
    if (!Map.groupBy) for (const row of rows) bands.set(row.requirement.category, [...(bands.get(row.requirement.category) || []), row]);
    cells.replaceChildren(
      ...[...bands].map(([number, band]) =>
        make("div", { class: "band", role: "group", "aria-label": `${number} ${band[0].requirement.category_name}` }, make("span", { "aria-hidden": "true" }, String(number)), band.map(cell)),
      ),
    );
    const shown = rows.filter(passes);
    list.replaceChildren(...(shown.length ? shown.map(line) : [make("li", { class: "text-soft" }, view.config.words.none_shown)]));
    const count = (judgement) => rows.filter((row) => row.fields.judgement === judgement).length;
    for (const button of counts.querySelectorAll("[data-show]")) {
      const { show } = button.dataset;
      button.setAttribute("aria-pressed", String(show === view.show));
      button.querySelector("b").textContent = show ? count(show) : rows.length;
    }
    progress.max = rows.length;
    progress.value = rows.length - count("unassessed");
    doneLine.textContent = fill(view.config.words.progress, { done: progress.value, total: rows.length });
  };
};
