// The page of an escort's phone. What happens is noted here first, numbered and encrypted, and sent
// when there is a network, in its order: the bureau keeps each once, however often it comes.
import * as passes from "./passes.js";
import * as reading from "./reading.js";
import {
  IDLE_MS, PATIENCE_MS, TRIES, can, clock, fault, find, isOver, isSetBack, lostTry, on, page, put,
  say, showGone, showOnly, told, whyNot, words,
} from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const AT_ONCE = 40; // entries in one go
const TICK_MS = 20000;
const LEAVE_MS = 4000; // so long a phone that is to be wiped tries to send what it has
const LATE_MS = 7 * 86400000; // so long it may still send what it noted

const entry = (number) => `entry ${String(number).padStart(6, "0")}`;
const others = new BroadcastChannel("wayhome day");
// In memory alone, and gone when the page is locked or left.
const open = {
  key: null, token: "", day: null, entries: [], seen: null, stop: null, hidden: 0, flight: null,
};
let busy = null;

begin();

async function begin() {
  if (!can()) return;
  navigator.serviceWorker?.register(page.dataset.worker, { scope: page.dataset.own });
  find("cannot").hidden = true;
  on("load", "submit", load);
  on("unlock", "submit", unlock);
  on("look", "submit", (form) => lookAt(form.elements.code.value));
  on("photo", "change", lookAtPhoto);
  on("camera", "click", useCamera);
  on("lock", "click", lock);
  for (const one of page.querySelectorAll('[data-is="wipe"]')) {
    one.addEventListener("click", () => wipe("wiped", true));
  }
  others.addEventListener("message", () => { forget(); location.reload(); });
  window.addEventListener("online", onNetwork);
  document.addEventListener("visibilitychange", onSight);
  setInterval(tick, TICK_MS);
  find("camera").hidden = !reading.hasCamera();
  await keepTime();
  if (find("gone").hidden) await show();
  tick();
}

// ---- what is shown

async function show() {
  const phone = await store.phone();
  const name = open.key && open.day ? "people" : phone ? "locked" : "empty";
  showOnly(name);
  // Without a network that way leads nowhere, and back only under the password.
  document.getElementById("languages").hidden = name !== "empty";
  if (name === "locked") await showLocked(phone);
  if (name === "people") await showPeople(phone);
}

async function showLocked(phone) {
  const left = phone.last - phone.complete;
  say("left-over", isOver(phone) ? put(words.over_unsent, { number: left }) : "");
}

async function showPeople(phone) {
  const till = put(words.until, { time: clock(phone.until) });
  say("until", till);
  find("call").replaceChildren(...open.day.call.map(callRow));
  find("calls").hidden = !open.day.call.length;
  find("families").replaceChildren(...open.day.families.map(familyCard));
  showSent(phone);
}

function showSent(phone) {
  const left = phone.last - phone.complete;
  find("sent").dataset.how = left ? "unsent" : "sent";
  say("sent", left ? put(words.unsent, { number: left }) : words.sent);
}

function callRow(one) {
  const row = find("call-row").content.firstElementChild.cloneNode(true);
  say("who", one.who, row);
  say("number", one.number, row);
  return row;
}

function familyCard(family) {
  const card = find("family").content.firstElementChild.cloneNode(true);
  const told = toldOf(family);
  card.dataset.family = family.id;
  card.dataset.how = family.stops || told.back ? "stops" : open.seen === family.id ? "good" : "";
  say("way", family.way, card);
  say("persons", put(words.persons, { number: family.persons }), card);
  say("language", family.language, card);
  say("vehicle", family.vehicle, card);
  say("shelter", family.shelter, card);
  say("hers", family.hers || "–", card);
  say("ours", family.ours || "–", card);
  find("legs", card).replaceChildren(...family.legs.map((leg) => legRow(leg, told)));
  const next = nextOf(family, told);
  say("state", next.says, card);
  const step = find("step", card);
  step.hidden = !next.kind;
  if (next.kind) {
    step.textContent = put(words[next.kind], { place: next.place });
    step.addEventListener("click", () => note(next.kind, family, next.leg));
  }
  for (const button of card.querySelectorAll("[data-kind]")) {
    const { kind } = button.dataset;
    const leg = kind === "turn back" ? next.leg ?? family.legs.at(-1).number : null;
    button.addEventListener("click", () => note(kind, family, leg));
  }
  const last = told.all.at(-1);
  const noted = last ? `${words.kinds[last.kind]}. ${put(words.at, { time: clock(last.at) })}.` : "";
  say("last", noted, card);
  return card;
}

function legRow(leg, told) {
  const row = find("leg").content.firstElementChild.cloneNode(true);
  for (const name of ["departs", "begins", "arrives", "ends"]) say(name, leg[name], row);
  const known = [["check in", "set-out"], ["check out", "arrived"]];
  for (const [kind, place] of known) {
    const one = told.all.find((each) => each.kind === kind && each.leg === leg.number);
    const text = one ? `${words.kinds[kind]}: ${put(words.at, { time: clock(one.at) })}` : "";
    say(place, text, row);
  }
  return row;
}

function toldOf(family) {
  const all = open.entries.filter((one) => one.journey === family.id);
  return { all, back: all.find((one) => one.kind === "turn back") };
}

function nextOf(family, told) {
  if (family.stops) return { says: family.waits ? words.waits : words.stops };
  if (told.back) return { says: words.turned };
  const has = (kind, leg) => told.all.some((one) => one.kind === kind && one.leg === leg.number);
  const leg = family.legs.find((one) => !has("check out", one));
  if (!leg) return { says: words.done };
  const kind = has("check in", leg) ? "check out" : "check in";
  const place = kind === "check in" ? leg.begins : leg.ends;
  return { says: "", kind, leg: leg.number, place };
}

// ---- the day comes onto the phone

async function load(form) {
  const { password, again } = form.elements;
  const wrong = whyNot(password.value, again.value);
  fault("load-fault", wrong);
  if (wrong) return;
  find("load-button").disabled = true;
  await loadDay(password.value).catch(() => fault("load-fault", words.failed));
  find("load-button").disabled = false;
  form.reset();
  await show();
  tick();
}

async function loadDay(password) {
  const asked = new URLSearchParams({ token: vault.newSecret(), knock: vault.newSecret() });
  const csrf = await csrfToken();
  if (!csrf) return signIn();
  asked.set("csrfmiddlewaretoken", csrf);
  const answer = await send(page.dataset.load, asked);
  if (answer.redirected) return signIn();
  if (answer.status !== 200) return fault("load-fault", await told(answer));
  const { day } = await answer.json();
  const salt = vault.chance(16);
  const key = await vault.keyOf(password, salt);
  const until = Date.parse(day.until);
  const phone = { salt, until, loaded: Date.now(), knock: asked.get("knock") };
  const token = asked.get("token");
  await store.put(
    ["open", "phone", phone],
    ["open", "last", 0],
    ["open", "complete", 0],
    ["open", "tries", TRIES],
    ["sealed", "secret", await vault.seal(key, "secret", { token })],
    ["sealed", "day", await vault.seal(key, "day", day)],
  );
  Object.assign(open, { key, token, day, entries: [] });
  navigator.storage?.persist?.();
}

function signIn() {
  find("sign-in").hidden = false;
  fault("load-fault", words.sign_in);
}

// Of the page as the bureau has it now: what is kept here may be of another session.
async function csrfToken() {
  const answer = await fetch(page.dataset.own, { cache: "no-store", redirect: "manual" });
  if (answer.status !== 200) return "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  return fresh.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function send(url, fields, headers = {}) {
  const flight = new AbortController();
  const timer = setTimeout(() => flight.abort(), PATIENCE_MS);
  open.flight = flight;
  try {
    const { signal } = flight;
    return await fetch(url, { method: "POST", body: fields, headers, signal, cache: "no-store" });
  } finally {
    clearTimeout(timer);
  }
}

// ---- locked and unlocked

async function unlock(form) {
  const phone = await store.phone();
  if (!phone) return show();
  const { password } = form.elements;
  const key = await vault.keyOf(password.value, phone.salt);
  form.reset();
  try {
    const { token } = await vault.unseal(key, "secret", await store.get("sealed", "secret"));
    const day = await store.get("sealed", "day");
    Object.assign(open, { key, token, day: day ? await vault.unseal(key, "day", day) : null });
  } catch {
    return (await lostTry(phone)) ? wipe("wiped_tries", false) : null;
  }
  fault("unlock-fault", "");
  await store.put(["open", "tries", TRIES]);
  open.entries = await entriesUpTo(phone.last);
  await show();
  return tick();
}

async function entriesUpTo(last) {
  const all = [];
  for (let number = 1; number <= last; number += 1) {
    const row = await store.get("sealed", entry(number));
    if (row) all.push(await vault.unseal(open.key, entry(number), row));
  }
  return all;
}

async function lock() {
  forget();
  await show();
  find("locked").querySelector("h1").focus();
}

function forget() {
  open.stop?.();
  Object.assign(open, { key: null, token: "", day: null, entries: [], seen: null, stop: null });
  for (const name of ["call", "families"]) find(name).replaceChildren();
  for (const form of page.querySelectorAll("form")) form.reset();
  find("verdict").hidden = true;
}

// What was sent into a network that is gone is not waited for.
async function onNetwork() {
  open.flight?.abort();
  await busy;
  tick();
}

function onSight() {
  if (document.hidden) open.hidden = Date.now();
  else if (open.key && open.hidden && Date.now() - open.hidden > IDLE_MS) lock();
  else tick();
}

// ---- what happens is noted, then sent

async function note(kind, family, leg) {
  await store.alone("note", async () => {
    const phone = await store.phone();
    if (!phone || !open.key) return;
    const number = phone.last + 1;
    const one = { number, kind, journey: family.id, leg: leg ?? null, at: new Date().toISOString() };
    const row = await vault.seal(open.key, entry(number), one);
    if (!open.key) return; // locked or wiped meanwhile
    await store.append(entry(number), row, number);
    open.entries.push(one);
  });
  say("says", `${words.kinds[kind]}. ${words.noted}`);
  await show();
  const card = page.querySelector(`[data-family="${family.id}"]`);
  const step = card && find("step", card);
  (step?.hidden ? card?.querySelector("h2") : step)?.focus();
  tick();
}

// One at a time: ask, send, look at the clock.
function tick() {
  busy ??= once().catch(() => {}).finally(() => { busy = null; });
  return busy;
}

async function once() {
  const phone = await keepTime();
  if (!phone) return;
  if (open.key) await sync();
  else await knock(phone);
}

// What the clock says is done without a network. Returns what is still on the phone.
async function keepTime() {
  const phone = await store.phone();
  if (!phone) return null;
  if (isSetBack(phone)) await wipe("wiped_clock", false);
  else if (isOver(phone)) await endDay(phone);
  return store.phone();
}

// Its people are gone from the phone; what it noted stays, encrypted, until it is sent.
async function endDay(phone) {
  if (phone.last === phone.complete || Date.now() > phone.until + LATE_MS) {
    return wipe("over", false);
  }
  await store.put(["sealed", "day", undefined]);
  if (!open.day) return null;
  open.day = null;
  return open.key ? show() : null;
}

async function sync() {
  await store.alone("send", async () => {
    for (;;) {
      const before = await store.phone();
      const answer = await deliver(before);
      if (!answer) return;
      if (answer.wipe) return wipe("wiped_afar", false);
      const after = await took(answer);
      if (!after || after.complete === after.last || after.complete <= before.complete) return;
    }
  });
  const phone = await store.phone();
  if (phone && isOver(phone)) await endDay(phone);
}

async function deliver(phone) {
  const events = open.entries.filter((one) => one.number > phone.complete).slice(0, AT_ONCE);
  const fields = new URLSearchParams({ events: JSON.stringify(events) });
  try {
    const answer = await send(page.dataset.tell, fields, { Authorization: `Phone ${open.token}` });
    if (answer.status === 200 && !answer.redirected) return await answer.json();
    await knock(phone);
  } catch {
    if (!find("people").hidden) say("sent", `${words.no_network} ${unsentOf(phone)}`);
  }
  return null;
}

function unsentOf(phone) {
  const left = phone.last - phone.complete;
  return left ? put(words.unsent, { number: left }) : "";
}

async function took(answer) {
  const phone = await store.phone();
  if (!phone || !open.key) return null;
  const complete = Math.max(phone.complete, answer.complete);
  const rows = [["open", "complete", complete]];
  if (answer.day && !isOver(phone)) {
    rows.push(["sealed", "day", await vault.seal(open.key, "day", answer.day)]);
  }
  if (!open.key) return null;
  await store.put(...rows);
  const changed = answer.day && JSON.stringify(answer.day) !== JSON.stringify(open.day);
  if (answer.day && !isOver(phone)) open.day = answer.day;
  if (changed) await show();
  const after = await store.phone();
  if (after && open.day) showSent(after);
  return after;
}

// A locked phone, too, learns that it is to be wiped.
async function knock(phone) {
  const answer = await tellKnock(phone, "");
  if (answer?.wipe) await wipe("wiped_afar", false);
}

async function tellKnock(phone, wiped) {
  const fields = new URLSearchParams({ wiped, last: String(phone.last) });
  try {
    const answer = await send(page.dataset.knock, fields, { Authorization: `Knock ${phone.knock}` });
    return answer.status === 200 && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

// ---- everything is deleted

async function wipe(why, sendsFirst) {
  let phone = await store.phone();
  if (sendsFirst && open.key) {
    await Promise.race([sync().catch(() => {}), new Promise((done) => { setTimeout(done, LEAVE_MS); })]);
    phone = (await store.phone()) ?? phone;
  }
  forget();
  await store.destroy();
  others.postMessage("wiped");
  const lost = phone ? phone.last - phone.complete : 0;
  say("lost", lost ? put(words.lost, { number: lost }) : "");
  showGone(why);
  if (phone) await tellKnock(phone, "on");
}

// ---- the pass

async function lookAt(code) {
  if (!open.day) return;
  const key = Uint8Array.from(atob(open.day.key), (one) => one.charCodeAt(0));
  const { verdict, family } = passes.verdictOf(await passes.readPass(code, key), open.day);
  const panel = find("verdict");
  panel.dataset.how = verdict;
  say("says-of-pass", words.verdicts[verdict]);
  find("pair").hidden = verdict !== "good";
  if (family) {
    say("pair-hers", family.hers || "–");
    say("pair-ours", family.ours || "–");
    say("pair-persons", put(words.persons, { number: family.persons }));
    open.seen = family.id;
    await note("pass", family, null);
  }
  find("look").reset();
  panel.hidden = false;
  panel.focus();
}

async function lookAtPhoto(field) {
  const [file] = field.files;
  if (!file) return;
  const code = await reading.readPhoto(file);
  field.value = "";
  fault("look-fault", code ? "" : words.no_code);
  if (code) await lookAt(code);
}

async function useCamera() {
  const video = find("video");
  open.stop?.();
  video.hidden = false;
  try {
    open.stop = await reading.watch(video, async (code) => {
      video.hidden = true;
      await lookAt(code);
    });
    fault("look-fault", "");
  } catch {
    video.hidden = true;
    fault("look-fault", words.no_camera);
  }
}
