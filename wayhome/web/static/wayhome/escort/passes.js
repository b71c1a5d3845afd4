// Whether a pass is ours, without a network: the same shape as the bureau's own (lib/passes.py).
// "WP1:" and base32 of: id (16 octets), day since 2020 (2), persons (1), an Ed25519 signature (64).
const PREFIX = "WP1:";
const SHAPE = /^WP1:[A-Z2-7]{133}$/;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const TOLD = 19;
const FIRST_DAY = Date.UTC(2020, 0, 1);
const DAY_MS = 86400000;

// What the pass says if this key signed it; null for every other text, and never why.
export async function readPass(written, key) {
  const compact = written.replace(/\s/g, "").toUpperCase();
  if (!SHAPE.test(compact)) return null;
  const octets = fromBase32(compact.slice(PREFIX.length));
  if (!octets) return null;
  const told = octets.slice(0, TOLD);
  const signed = new Uint8Array([...new TextEncoder().encode(PREFIX), ...told]);
  if (!(await isSigned(octets.slice(TOLD), signed, key))) return null;
  const hex = [...told.slice(0, 16)].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  const day = new Date(FIRST_DAY + (told[16] * 256 + told[17]) * DAY_MS);
  return {
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    on: day.toISOString().slice(0, 10),
    persons: told[18],
  };
}

// What it is worth today to whoever holds this day; the names are the bureau's (rules/passes.py).
export function verdictOf(pass, day) {
  if (!pass || day.ended.includes(pass.id)) return { verdict: "invalid" };
  if (pass.on !== day.on) return { verdict: "other day" };
  const family = day.families.find((one) => one.pass === pass.id);
  if (!family) return { verdict: "other convoy" };
  return family.stops ? { verdict: "invalid" } : { verdict: "good", family };
}

function fromBase32(letters) {
  const octets = new Uint8Array(Math.floor((letters.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of letters) {
    bits = (bits << 5) | LETTERS.indexOf(letter);
    held += 5;
    if (held >= 8) {
      held -= 8;
      octets[at] = bits >> held;
      at += 1;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? octets : null; // one pass has one text
}

async function isSigned(signature, signed, key) {
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, signed);
  } catch {
    // An older browser does not know this kind of signature: the same, computed here.
    const { verifyAsync } = await import("../vendor/noble-ed25519/index.js");
    return verifyAsync(signature, signed, key, { zip215: false }).catch(() => false);
  }
}
