// The page of a call: before it, during it, after it. What is said stands in the page's own language
// in data-words; who may do what is decided by the bureau, and here only shown.
import { fingerprintOf } from "./code.js";
import { Line } from "./socket.js";
import { Mesh } from "./mesh.js";
import { bitsOfRelay, ear, openMedia } from "./trying.js";

const MEASURE_MS = 3000;
const BAD_LOSS = 0.1; // a share of packets lost at which a picture is no help
const GOOD_LOSS = 0.02;
const BAD_WAIT = 0.6; // seconds that the picture makes the voice wait
const GOOD_WAIT = 0.2;
const VOICE_BITS = 25000; // of one voice with its headers
const THIN_BITS = 45000; // that fit for a picture; a browser sends none below 30,000
const POOR_BITS = 95000;
const BAD_TIMES = 2;
const GOOD_TIMES = 8;
// To try a picture on a line that is too thin costs some seconds of voice: so after minutes.
const THIN_TIMES = 80;
const MOST_GOOD_TIMES = 320;
const WAYS_MS = 6000;
const CALLED = ["family", "captive"];

const page = document.getElementById("call");
const words = JSON.parse(page.dataset.words);
const find = (name) => page.querySelector(`[data-is="${name}"]`);
const say = (name, text) => { find(name).textContent = text; };
const call = {
  me: null, kind: page.dataset.kind, state: null, stream: null, mesh: null, ear: null, ways: null,
  key: null, certificate: null, tiles: new Map(), leftAt: 0, bad: 0, good: 0, wanted: "good",
  patience: GOOD_TIMES, quiet: false, voiceOnly: false, asked: [], checked: false, together: null,
  ended: false,
};
window.wayhomeCall = call; // for whoever measures a call; it holds nothing that the page does not

begin();

async function begin() {
  if (!window.RTCPeerConnection || !navigator.mediaDevices) {
    say("advice", words.old_browser);
    return;
  }
  find("try").addEventListener("click", tryAll);
  find("end").addEventListener("click", end);
  find("voice").addEventListener("click", () => toggle("quiet", "voice"));
  find("picture").addEventListener("click", () => toggle("voiceOnly", "picture"));
  find("checked")?.addEventListener("change", (event) => {
    call.checked = event.target.checked;
    showPeople();
  });
  call.certificate = await RTCPeerConnection.generateCertificate({
    name: "ECDSA",
    namedCurve: "P-256",
  });
  call.key = await fingerprintOf(call.certificate);
  const address = new URL(page.dataset.line, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  call.line = new Line(address, call.key, { heard, changed });
  setInterval(tick, 1000);
  setInterval(measure, MEASURE_MS);
}

// ---- before the call

async function tryAll() {
  find("try").disabled = true;
  const media = await tryMedia();
  const relay = media && (await tryRelay());
  find("try").disabled = false;
  if (!media || !relay) {
    find("try").textContent = words.again;
    return;
  }
  find("try").hidden = true;
  say("advice", call.kind === "supervisor" ? words.ready_staff : words.ready);
  show();
}

async function tryMedia() {
  call.stream?.getTracks().forEach((track) => track.stop());
  let refused = null;
  call.stream = await openMedia(true).catch((fault) => { refused = fault; });
  if (!call.stream) call.stream = await openMedia(false).catch(() => null);
  const camera = Boolean(call.stream?.getVideoTracks().length);
  told("camera", camera ? "works" : "none");
  told("microphone", call.stream ? "works" : "none");
  if (!call.stream) {
    say("advice", refused?.name === "NotAllowedError" ? words.allow_media : words.no_media);
    return false;
  }
  find("own").srcObject = call.stream;
  call.ear?.close();
  call.ear = ear(call.stream);
  return true;
}

async function tryRelay() {
  told("relay", "trying");
  const ways = await freshWays();
  const bits = ways ? await bitsOfRelay(ways) : 0;
  told("relay", bits ? "works" : "none");
  if (!bits) say("advice", ways || call.ways ? words.no_line : words.no_relay);
  // What fits is shared by the lines to the others; a picture may come later, when more does.
  else call.wanted = fitting(bits / Math.max(1, others().length) - VOICE_BITS);
  call.patience = call.wanted === "none" ? THIN_TIMES : GOOD_TIMES;
  return Boolean(bits);
}

function told(test, how) {
  const place = find(`${test}-test`);
  place.textContent = words[how];
  place.dataset.how = how;
}

// ---- the line to the bureau

function changed(how) {
  page.dataset.socket = how;
  if (how === "open") {
    call.together = null;
    noteTogether();
    note("");
  }
  if (how === "lost") note(words.lost);
  if (how === "stopped") stopMedia();
  if (how === "over" || how === "elsewhere") finish(how);
}

function heard(message) {
  if (message.type === "welcome") {
    call.me = message.you;
    call.ways = relayOf(message.ways);
    if (!call.ways) say("advice", words.no_relay);
  } else if (message.type === "ways") {
    call.ways = relayOf(message.ways);
    for (const answered of call.asked.splice(0)) answered(call.ways);
  } else if (message.type === "state") {
    call.state = message;
    call.leftAt = performance.now();
    show();
  } else if (message.type === "wait") {
    stopMedia();
  } else if (message.from) {
    call.mesh?.heard(message);
  }
}

const relayOf = (ways) => ways && {
  urls: ways.urls, username: ways.username, credential: ways.credential,
};

// A credential opens a line only for a minute, so each line asks for its own.
function freshWays() {
  return new Promise((resolve) => {
    call.asked.push(resolve);
    if (!call.line.say({ type: "ways" })) resolve(null);
    setTimeout(() => resolve(null), WAYS_MS);
  });
}

// ---- the call

const mine = () => call.state?.parties.find((one) => one.id === call.me);
const others = () => call.state?.parties.filter((one) => one.id !== call.me) ?? [];

function show() {
  if (!call.state || call.ended) return;
  const in_ = Boolean(mine()?.in && call.stream);
  find("before").hidden = in_;
  find("during").hidden = !in_;
  showPeople();
  if (!in_) {
    call.mesh?.keep([]);
    return;
  }
  if (call.ear) {
    call.ear.close();
    call.ear = null;
    find("own-small").srcObject = call.stream;
    find("during-heading").focus();
  }
  call.mesh ??= new Mesh({
    me: call.me, certificate: call.certificate, key: call.key, stream: call.stream,
    ways: freshWays, say: (message) => call.line.say(message), shows: showPicture,
    told: pairMoved, coded: showCode, picture: call.wanted,
  });
  call.mesh.keep(call.state.open ? others().filter((one) => one.in && one.here && one.key) : []);
  applyMutes();
  tick();
}

function showPicture(id, stream) {
  const known = call.tiles.get(id);
  if (!stream) {
    known?.remove();
    call.tiles.delete(id);
    return;
  }
  const party = others().find((one) => one.id === id);
  const tile = known ?? newTile(id, party);
  // Each apart: a player of both would wait for a picture that a thin line does not bring.
  for (const track of stream.getTracks()) {
    const player = tile.querySelector(track.kind);
    if (player.srcObject?.getTracks()[0] !== track) player.srcObject = new MediaStream([track]);
  }
  applyMutes();
}

function newTile(id, party) {
  const tile = find("tile").content.firstElementChild.cloneNode(true);
  tile.dataset.kind = party.kind;
  tile.querySelector("figcaption span").textContent = words[`is_${party.kind}`];
  find("pictures").append(tile);
  call.tiles.set(id, tile);
  showCode(id, call.mesh?.pairs.get(id)?.code ?? "");
  return tile;
}

function showCode(id, code) {
  const tile = call.tiles.get(id);
  if (tile) tile.querySelector("[data-is=code]").textContent = code;
}

function pairMoved(id, state) {
  const tile = call.tiles.get(id);
  if (tile) tile.dataset.state = state;
  noteTogether();
  if (state === "connected") note("");
  else if (state === "disconnected" || state === "failed") note(words.lost);
  else if (state === "trouble") note(words.trouble);
}

// The minutes run only while the two who are called hear each other.
function noteTogether() {
  if (!CALLED.includes(call.kind) || !call.mesh) return;
  const other = others().find((one) => CALLED.includes(one.kind));
  const yes = Boolean(other && call.mesh.connected(other.id));
  if (yes === call.together) return;
  if (call.line.say({ type: "together", yes })) call.together = yes;
}

function applyMutes() {
  const muted = Boolean(mine()?.muted);
  for (const track of call.stream.getTracks()) {
    const off = muted || (track.kind === "audio" ? call.quiet : call.voiceOnly);
    track.enabled = !off;
  }
  for (const one of others()) {
    const tile = call.tiles.get(one.id);
    if (!tile) continue;
    tile.querySelector("audio").muted = one.muted;
    tile.classList.toggle("wh-call__tile--off", one.muted);
  }
  const anyone = call.state.parties.some((one) => one.muted);
  if (anyone !== page.hasAttribute("data-muted")) note(anyone ? words.muted : "");
  page.toggleAttribute("data-muted", anyone);
}

function toggle(what, button) {
  call[what] = !call[what];
  find(button).setAttribute("aria-pressed", String(call[what]));
  applyMutes();
}

function tick() {
  if (call.ear) find("level").value = call.ear.loud();
  if (!call.state || call.ended) return;
  const gone = call.state.running ? (performance.now() - call.leftAt) / 1000 : 0;
  const left = Math.max(0, Math.round(call.state.left - gone));
  say("left", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
}

async function measure() {
  if (!call.mesh || call.ended) return;
  const { lost, waits, fits, still } = await call.mesh.measure();
  for (const [id, stands] of still) {
    const voice = call.tiles.get(id)?.querySelector("[data-is=still]");
    if (voice) voice.hidden = !stands;
  }
  const chokes = lost > BAD_LOSS || waits > BAD_WAIT;
  const eases = lost < GOOD_LOSS && waits < GOOD_WAIT;
  const wish = wished(chokes, eases, fits);
  const ranks = ["none", "poor", "good"];
  const step = ranks.indexOf(wish) - ranks.indexOf(call.wanted);
  call.bad = step < 0 ? call.bad + 1 : 0;
  call.good = step > 0 ? call.good + 1 : 0;
  if (call.bad >= (chokes ? 1 : BAD_TIMES)) setPicture(wish);
  else if (call.good >= call.patience) setPicture(ranks[ranks.indexOf(call.wanted) + 1]);
}

// Without a picture nothing shows how much would fit: then only how the voice fares is asked.
function wished(chokes, eases, fits) {
  if (call.wanted === "none") return eases ? "poor" : "none";
  return chokes ? "none" : fitting(fits);
}

function fitting(bits) {
  if (bits < THIN_BITS) return "none";
  return bits < POOR_BITS ? "poor" : "good";
}

function setPicture(wanted) {
  call.bad = 0;
  call.good = 0;
  if (wanted === "none") call.patience = Math.min(MOST_GOOD_TIMES, call.patience * 2);
  if (wanted === "good") call.patience = GOOD_TIMES;
  call.wanted = wanted;
  call.mesh.show(wanted);
  note("");
}

// ---- who accompanies the call

function showPeople() {
  const list = find("people");
  if (!list) return;
  const rows = others().filter((one) => !["supervisor"].includes(one.kind)).map(personRow);
  list.replaceChildren(...rows);
  const talking = call.state.running ? words.together : words.not_together;
  if (find("together").textContent !== talking) say("together", talking);
}

function personRow(party) {
  const row = find("person").content.firstElementChild.cloneNode(true);
  row.dataset.kind = party.kind;
  row.querySelector("[data-is=name]").textContent = words[`is_${party.kind}`];
  const where = party.in && party.here ? "is_in" : party.here ? "waits" : "is_away";
  row.querySelector("[data-is=where]").textContent = words[where];
  const [letIn, mute] = row.querySelectorAll("button");
  letIn.hidden = party.in || !party.here;
  letIn.disabled = party.kind === "family" && !call.checked;
  letIn.addEventListener("click", () => {
    call.line.say({ type: "admit", party: party.id, checked: call.checked });
  });
  mute.hidden = !party.in;
  mute.textContent = party.muted ? words.unmute : words.mute;
  mute.addEventListener("click", () => {
    const reason = find("mute-reason").value;
    if (party.muted) call.line.say({ type: "unmute", party: party.id });
    else call.line.say({ type: "mute", party: party.id, reason });
  });
  return row;
}

// ---- its end

function end() {
  const reason = find("end-reason")?.value;
  call.line.say(reason ? { type: "end", reason } : { type: "end" });
  stopMedia();
}

function stopMedia() {
  call.mesh?.close();
  call.mesh = null;
  call.together = null;
}

function finish(how) {
  call.ended = true;
  stopMedia();
  call.stream?.getTracks().forEach((track) => track.stop());
  call.ear?.close();
  for (const part of ["before", "during"]) find(part).hidden = true;
  find(how).hidden = false;
  find(how).querySelector("h1").focus();
}

function note(wanted) {
  const text = wanted || (call.wanted === "none" ? words.thin : "");
  if (find("says").textContent !== text) say("says", text);
}
