// The short code of two browsers: both compute it, each from its own key and the one that it really
// talks with. If they read the same, nobody stands between them.
//
// Each adds a share by lot. Whoever offers promises theirs (its hash) before it has seen the other's,
// and shows it after: so nobody in between can choose keys or shares until two codes agree.
const SHARE_BYTES = 16;
const DIGITS = 9;
const NUMERALS = "123456789"; // without 0: no number of it is a word of war

export const newShare = () => hex(crypto.getRandomValues(new Uint8Array(SHARE_BYTES)));

export const promiseOf = async (share) => hex(await digestOf(`wayhome promise|${share}`));

// `one` and `other` each hold the key of an end and its share.
export async function codeOf(one, other) {
  const ends = [one, other].map((end) => `${end.key}|${end.share}`).sort();
  const bits = new DataView((await digestOf(`wayhome call|${ends.join("|")}`)).buffer);
  let number = bits.getBigUint64(0);
  let code = "";
  for (let place = 0; place < DIGITS; place += 1) {
    code += NUMERALS[Number(number % 9n)];
    number /= 9n;
    if (place % 3 === 2 && place + 1 < DIGITS) code += " ";
  }
  return code;
}

async function digestOf(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The fingerprint of a certificate of ours, as descriptions tell it.
export async function fingerprintOf(certificate) {
  const told = certificate.getFingerprints?.()[0];
  if (told) return told.value.toUpperCase();
  // A browser without that call tells it in any description.
  const pc = new RTCPeerConnection({ certificates: [certificate] });
  pc.createDataChannel("key");
  const { sdp } = await pc.createOffer();
  pc.close();
  return sdp.match(/^a=fingerprint:sha-256 (\S+)/m)[1].toUpperCase();
}
