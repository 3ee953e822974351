// Two versions of one finding: for each field that differs, which is to stand.

export const makeConflict = ({ dom, view, decide }) => {
  const { make, fill } = dom;
  const { words } = view.config;

  const inWords = (name, value) => {
    const labels = { judgement: view.labels.judgements, severity: view.labels.severities, methods: view.labels.methods }[name];
    const listed = [value].flat().filter(Boolean);
    return listed.map((each) => labels?.get(each) || each).join("、") || words.empty;
  };

  const option = (name, side, value, label) =>
    make(
      "td",
      { class: side },
      make("label", { class: "choice" }, make("input", { type: "radio", name: `which-${name}`, value: side, checked: side === "mine" }), ` ${label}`),
      make("div", { class: "pre" }, inWords(name, value)),
    );

  return (place, item) => {
    if (!item || item.state !== "conflict") {
      place.replaceChildren();
      delete place.dataset.of;
      return;
    }
    const mark = `${item.key} ${item.sha256} ${item.current.version}`;
    if (place.dataset.of === mark) return;
    place.dataset.of = mark;
    const theirs = item.current.fields;
    const names = Object.keys(theirs).filter((name) => JSON.stringify(theirs[name]) !== JSON.stringify(item.fields[name]));
    place.replaceChildren(
      make(
        "form",
        {
          class: "conflict",
          role: "alert",
          onsubmit: (event) => {
            event.preventDefault();
            const data = new FormData(event.target);
            decide(item.key, Object.fromEntries(Object.entries(item.fields).map(([name, mine]) => [name, data.get(`which-${name}`) === "theirs" ? theirs[name] : mine])));
          },
        },
        make("h3", {}, words.conflict),
        make("p", {}, fill(words.differs, { who: item.current.who || words.empty })),
        make(
          "div",
          { class: "table-wrap" },
          make(
            "table",
            { class: "compact" },
            make("tbody", {}, names.map((name) => make("tr", {}, make("th", { scope: "row" }, words[name]), option(name, "mine", item.fields[name], words.mine), option(name, "theirs", theirs[name], words.theirs)))),
          ),
        ),
        make("div", { class: "form-end" }, make("button", { type: "submit", class: "primary", "data-decide": true }, words.choose)),
      ),
    );
  };
};
