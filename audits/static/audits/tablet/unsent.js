// On the auditor's first page: what waits on this device, of which audit, and how to send it.

const box = document.querySelector("[data-waiting-here]");
const { person, address } = box.dataset;

const show = () => {
  let counts = {};
  try {
    counts = JSON.parse(localStorage.getItem(`orime.unsent.${person}`)) || {};
  } catch {
    // a note from before says only how many: the tablet page writes a new one
  }
  const links = Object.entries(counts).map(([number, count]) => {
    const link = document.createElement("a");
    link.href = address.replace("JASTI-0000-0000", number);
    link.textContent = box.dataset.one.replace("{number}", number).replace("{count}", count);
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  box.querySelector("ul").replaceChildren(...links);
  box.hidden = !links.length;
  const others = document.querySelector("[data-sealed-here]");
  others.hidden = !window.orime.others().some((other) => other !== person);
};

window.orime.arrived.then(show);
