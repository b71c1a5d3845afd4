// What lies on this phone. "open" holds no word about anybody: until when, how much is noted, how
// much has arrived. Everything else is in "sealed", encrypted under the password of the phone.
// The page says under which name: an escort's day and a family's pass lie apart.
const NAME = document.querySelector("[data-store]").dataset.store;
const STORES = ["open", "sealed"];

let database = null;

function opened() {
  database ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return database;
}

async function within(mode, act) {
  const transaction = (await opened()).transaction(STORES, mode, { durability: "strict" });
  const asked = act((name) => transaction.objectStore(name));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  return asked?.result;
}

export const get = (store, key) => within("readonly", (of) => of(store).get(key));
export const keys = (store) => within("readonly", (of) => of(store).getAllKeys());

// All of it or nothing: rows are [store, key, value], and without a value the row is deleted.
export const put = (...rows) => within("readwrite", (of) => {
  for (const [store, key, value] of rows) {
    if (value === undefined) of(store).delete(key);
    else of(store).put(value, key);
  }
});

// The next entry with its number; nothing that was noted is ever written over.
export const append = (key, value, last) => within("readwrite", (of) => {
  of("sealed").add(value, key);
  of("open").put(last, "last");
});

// What lies here, without a word about anybody. `last` is written by whoever notes, `complete` by
// whoever sends, `tries` by whoever unlocks: no one of them writes over another.
export async function phone() {
  const known = await get("open", "phone");
  if (!known) return null;
  const [last, complete, tries] = await Promise.all(
    ["last", "complete", "tries"].map((name) => get("open", name)),
  );
  return { ...known, last, complete, tries };
}

// Two windows of one phone never note under one number.
export const alone = (what, act) => (
  navigator.locks ? navigator.locks.request(`wayhome ${what}`, act) : act()
);

// Also where another window still holds the database open: its rows are gone at once.
export async function destroy() {
  await within("readwrite", (of) => { STORES.forEach((name) => of(name).clear()); });
  (await opened()).close();
  database = null;
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = resolve;
    asked.onerror = resolve;
    asked.onblocked = resolve;
  });
  const shells = (await caches.keys()).filter((name) => name.startsWith(`${NAME} `));
  for (const name of shells) await caches.delete(name);
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.unregister();
}
