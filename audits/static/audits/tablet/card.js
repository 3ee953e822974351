// The card of one requirement: every change is kept on the tablet at once.

const TEXTS = ["reason", "report_text", "working_note"];
const WAIT = 200;

export const makeCard = ({ dom, view, place, keep, after, extras }) => {
  const { make, fill } = dom;
  const { config } = view;
  const { words } = config;
  let timer = 0;
  let shown = null;

  const form = () => place.querySelector("form[data-card]");

  const values = () => {
    const data = new FormData(form());
    const judgement = data.get("judgement") || "unassessed";
    const text = (name) => {
      const typed = String(data.get(name) || "").replaceAll("\r\n", "\n");
      return typed.toWellFormed ? typed.toWellFormed() : typed;
    };
    return {
      judgement,
      severity: judgement === "nonconforming" ? data.get("severity") || shown.requirement.severity : "",
      methods: data.getAll("methods"),
      clauses_not_met: data.getAll("clauses_not_met"),
      report_text: text("report_text"),
      working_note: text("working_note"),
      reason: text("reason"),
    };
  };

  // What is still being typed is kept before the card is left; false when it could not be.
  let dirty = false;
  let keeping = Promise.resolve(true);
  const flush = () => {
    if (!dirty) return Promise.resolve(true);
    if (!timer && !stuck) return keeping;
    clearTimeout(timer);
    timer = 0;
    keeping = keep(shown.requirement.code, values(), shown.version).then((done) => {
      stuck = !done;
      if (stuck) state("failed", words.not_kept);
      if (done && !timer) {
        dirty = false;
        after();
      }
      return done;
    });
    return keeping;
  };
  let stuck = false;

  let edits = 0;
  const later = (delay) => {
    dirty = true;
    edits += 1;
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
    state("dirty", words.saving);
  };

  const state = (tone, text) => {
    const line = place.querySelector("[data-card-state]");
    if (!line) return;
    line.dataset.state = tone;
    line.textContent = text;
  };

  const ways = (name, choices, chosen, legend, extra = "") =>
    make(
      "fieldset",
      { class: `judge ${extra}`.trim() },
      make("legend", {}, legend),
      choices.map(([value, text], place) => {
        const key = name === "judgement" ? String(place + 1) : null;
        return make("label", {}, make("input", { type: "radio", name, value, checked: value === chosen, "data-key": key }), make("span", { class: value }, key ? make("kbd", {}, key) : null, key ? " " : null, text));
      }),
      name === "judgement" ? make("label", { class: "back" }, make("input", { type: "radio", name, value: "unassessed", checked: chosen === "unassessed" }), make("span", {}, words.back)) : null,
    );

  const area = (name, value, extra = "") =>
    make(
      "div",
      { class: `field ${extra}`.trim() },
      make("label", { for: `t-${name}` }, words[name]),
      make("textarea", { id: `t-${name}`, name, rows: name === "reason" ? 2 : 4, maxlength: config.limits.text, class: name === "working_note" ? "note" : null }, value),
    );

  const fields = (row) => {
    const { requirement } = row;
    const values = row.fields;
    const usual = fill(words.requirement_severity, { severity: requirement.severity_label });
    return make(
      "form",
      { "data-card": true, novalidate: true, onsubmit: (event) => event.preventDefault(), onchange: () => later(0), oninput: (event) => TEXTS.includes(event.target.name) && later(WAIT) },
      make(
        "fieldset",
        { class: "plain", disabled: !view.audit.writable },
        ways("judgement", config.judgements, values.judgement, words.judgement),
        ways("severity", config.severities, values.severity || requirement.severity, `${words.severity} (${usual})`, "three-ways severity when-nonconforming"),
        requirement.clauses.length
          ? make(
              "fieldset",
              { class: "clauses" },
              make("legend", {}, words.clauses_not_met),
              requirement.clauses.map((clause) =>
                make(
                  "label",
                  {},
                  make("input", { type: "checkbox", name: "clauses_not_met", value: clause.code, checked: values.clauses_not_met.includes(clause.code) }),
                  make("span", {}, make("code", {}, clause.code), ` ${clause.text} `, clause.condition ? make("small", {}, `(${clause.condition})`) : ""),
                ),
              ),
            )
          : null,
        make(
          "fieldset",
          { class: "methods" },
          make("legend", {}, words.methods),
          config.methods.map(([value, text]) => make("label", { class: "choice" }, make("input", { type: "checkbox", name: "methods", value, checked: values.methods.includes(value) }), ` ${text}`)),
        ),
        area("reason", values.reason, "when-exempt"),
        make("div", { class: "two texts" }, area("report_text", values.report_text), area("working_note", values.working_note)),
      ),
    );
  };

  const head = ({ requirement }) => {
    const hints = [requirement.guidance, requirement.hint, requirement.legal].filter(Boolean);
    const title = place.dataset.look;
    return [
      make(
        "header",
        {},
        make("code", {}, requirement.code),
        make("h2", { id: "req-title", tabindex: "-1" }, requirement.title),
        make("span", { class: "tags" }, requirement.provenance ? make("span", { class: "tag" }, requirement.provenance) : null, " ", make("span", { class: "tag" }, requirement.severity_label)),
      ),
      make("p", { class: "text" }, requirement.text),
      hints.length ? make("details", { class: "sunken" }, make("summary", {}, title), hints.map((hint) => make("p", {}, hint))) : null,
      requirement.holder ? make("p", { class: "meta" }, fill(words.holder, { name: requirement.holder })) : null,
      requirement.before ? make("p", { class: "meta" }, requirement.before) : null,
    ];
  };

  const same = (one, other) => Object.keys(one).every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));

  // The same card again keeps what is being typed, and the version on which it is typed; what
  // somebody else wrote in the meantime is shown only where nothing is being typed.
  // `mark` is what edits() said when the row was read: what was typed since then is newer.
  const show = (row, mark) => {
    const here = shown && form() && shown.requirement.code === row.requirement.code;
    if (here && (dirty || mark !== edits)) {
      extras(place, row);
      return;
    }
    if (!here || (view.audit.writable && !same(values(), settled(row)))) {
      shown = row;
      place.replaceChildren(
        ...head(row).filter(Boolean),
        make("div", { "data-conflict": true }),
        fields(row),
        make("section", { "data-photos": true, class: "evidence-part" }),
        make("footer", {}, make("p", { class: "save-state", role: "status", "data-card-state": true })),
      );
    }
    shown = row;
    state(row.tone, row.stateWords);
    extras(place, row);
  };

  // A finding as the form would give it: in the order of the standard, a severity only with a nonconformity.
  const settled = ({ fields: stored, requirement }) => {
    const inOrder = (all, some) => all.filter((one) => some.includes(one));
    const bad = stored.judgement === "nonconforming";
    return {
      ...stored,
      severity: bad ? stored.severity || requirement.severity : "",
      methods: inOrder(config.methods.map(([value]) => value), stored.methods),
      clauses_not_met: inOrder(requirement.clauses.map(({ code }) => code), stored.clauses_not_met),
    };
  };

  return { show, flush, edits: () => edits, isStuck: () => stuck };
};
