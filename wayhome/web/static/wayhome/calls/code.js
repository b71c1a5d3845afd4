// The short code of two browsers: both compute it, each from its own key and the one that it really
// talks with. If they read the same, nobody stands between them.
const ROUNDS = 300000; // slow on purpose: who would forge it must do so before the call begins
const DIGITS = 9;
const NUMERALS = "123456789"; // without 0: no number of it is a word of war

export async function codeOf(one, other) {
  const text = new TextEncoder().encode([one, other].sort().join("|"));
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const salt = new TextEncoder().encode("wayhome call");
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const bits = new DataView(await crypto.subtle.deriveBits(how, key, 64));
  let number = bits.getBigUint64(0);
  let code = "";
  for (let place = 0; place < DIGITS; place += 1) {
    code += NUMERALS[Number(number % 9n)];
    number /= 9n;
    if (place % 3 === 2 && place + 1 < DIGITS) code += " ";
  }
  return code;
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
