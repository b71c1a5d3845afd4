// Nothing about anybody lies on the phone but under a key made of its password (PBKDF2, then
// AES-256-GCM). The key is in the memory of one open page alone; each row is bound to its name.
const ROUNDS = 600000; // OWASP's least for PBKDF2 with SHA-256
const IV_BYTES = 12;
const text = new TextEncoder();

export const chance = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

export function newSecret() {
  const bits = btoa(String.fromCharCode(...chance(32)));
  return bits.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

export async function keyOf(password, salt) {
  const plain = text.encode(password.normalize("NFKC").trim());
  const base = await crypto.subtle.importKey("raw", plain, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

export async function seal(key, name, value) {
  const iv = chance(IV_BYTES);
  const plain = text.encode(JSON.stringify(value));
  const data = await crypto.subtle.encrypt(bound(iv, name), key, plain);
  return { iv, data };
}

export async function unseal(key, name, row) {
  const plain = await crypto.subtle.decrypt(bound(row.iv, name), key, row.data);
  return JSON.parse(new TextDecoder().decode(plain));
}

const bound = (iv, name) => ({ name: "AES-GCM", iv, additionalData: text.encode(name) });
