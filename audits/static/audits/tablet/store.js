// What stays on the tablet: one IndexedDB database per person, written so that power may fail.

const VERSION = 2;
export const nameOf = (person) => `orime-tablet-${person}`;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export const openStore = async (person) => {
  const opening = indexedDB.open(nameOf(person), VERSION);
  opening.onupgradeneeded = ({ oldVersion }) => {
    const base = opening.result;
    if (oldVersion < 1) {
      base.createObjectStore("audits", { keyPath: "number" });
      base.createObjectStore("findings", { keyPath: ["number", "code"] });
      base.createObjectStore("outbox", { keyPath: "key" });
      base.createObjectStore("receipts", { autoIncrement: true });
      base.createObjectStore("settings", { keyPath: "name" });
    }
    // Written and opened by device.js, which knows whose device it is.
    if (oldVersion < 2) base.createObjectStore("sealed", { keyPath: "key" });
  };
  const base = await asked(opening);
  base.onversionchange = () => base.close();

  // `act` gets a function from a store's name to its four verbs; all of it happens or nothing.
  const inOne = async (mode, names, act) => {
    const transaction = base.transaction(names, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error || new DOMException("aborted", "AbortError"));
    });
    const verbs = (name) => {
      const store = transaction.objectStore(name);
      return {
        get: (key) => asked(store.get(key)),
        all: (range) => asked(store.getAll(range)),
        put: (value) => asked(store.put(value)),
        remove: (key) => asked(store.delete(key)),
      };
    };
    try {
      const result = await act(verbs);
      await ended;
      return result;
    } catch (error) {
      ended.catch(() => {});
      try {
        transaction.abort();
      } catch {
        // it has ended already
      }
      throw transaction.error || error;
    }
  };

  return {
    read: (names, act) => inOne("readonly", names, act),
    write: (names, act) => inOne("readwrite", names, act),
    ofAudit: (number) => IDBKeyRange.bound([number], [number, []]),
    // The tablet's own name, made once.
    client: () =>
      inOne("readwrite", ["settings"], async (verbs) => {
        const known = await verbs("settings").get("client");
        if (known) return known.value;
        const value = crypto.randomUUID();
        await verbs("settings").put({ name: "client", value });
        return value;
      }),
  };
};
