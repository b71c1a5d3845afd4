// What lies on this phone. "open" holds no word about anybody: until when, how much is noted, how
// much has arrived. Everything else is in "sealed", encrypted under the password of the phone.
const NAME = "day";
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
  for (const name of await caches.keys()) await caches.delete(name);
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.unregister();
}
