// Before a sign-out: say what still waits on this device, and take away what nobody waits for.
(() => {
  "use strict";

  const unsent = (person) => {
    try {
      return Number(localStorage.getItem(`orime.unsent.${person}`)) || 0;
    } catch {
      return 0;
    }
  };

  const clear = async (person, all) => {
    if (window.caches) await caches.delete("orime-pages");
    if (all && window.indexedDB) indexedDB.deleteDatabase(`orime-tablet-${person}`);
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const { person, unsent: words } = form.dataset;
      if (!person || form.dataset.leaving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const count = unsent(person);
      if (count && !window.confirm(words.replace("{count}", count))) return;
      form.dataset.leaving = "1";
      // What waits stays; the rest goes, since the next person may be somebody else. It must not
      // keep anybody from leaving.
      const soon = new Promise((resolve) => setTimeout(resolve, 1000));
      Promise.race([clear(person, !count).catch(() => {}), soon]).then(() => form.submit());
    },
    true,
  );
})();
