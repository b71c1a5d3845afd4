// Her own page for one day. The sheet comes once, for a number that the escort gave; it lies here
// encrypted under her password alone, and works without a network until the night.
import {
  IDLE_MS, PATIENCE_MS, TRIES, can, clock, fault, find, isOver, isSetBack, lostTry, on, page, put,
  say, showGone, showOnly, told, whyNot, words,
} from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const TICK_MS = 60000;
const SQUARE = 4; // modules of white around the code

const others = new BroadcastChannel("wayhome pass");
// In memory alone, and gone when the page is locked or left.
let sheet = null;
let hiddenAt = 0;
let secret = ""; // asked again after an answer was lost, it is the same phone

begin();

async function begin() {
  if (!can()) return;
  navigator.serviceWorker?.register(page.dataset.worker, { scope: page.dataset.own });
  find("cannot").hidden = true;
  on("take", "submit", take);
  on("unlock", "submit", unlock);
  on("lock", "click", lock);
  for (const one of page.querySelectorAll('[data-is="wipe"]')) {
    one.addEventListener("click", () => wipe("wiped"));
  }
  others.addEventListener("message", () => { forget(); location.reload(); });
  window.addEventListener("online", tick);
  document.addEventListener("visibilitychange", onSight);
  setInterval(tick, TICK_MS);
  await keepTime();
  if (find("gone").hidden) await show();
  tick();
}

// ---- what is shown

async function show() {
  const phone = await store.phone();
  const name = sheet ? "open" : phone ? "locked" : "empty";
  showOnly(name);
  document.getElementById("languages").hidden = name !== "empty";
  if (name === "open") await showSheet(phone);
}

async function showSheet(phone) {
  for (const part of ["told", "told-below"]) find(part).lang = sheet.language;
  for (const name of ["day", "persons", "word", "no", "free"]) say(name, sheet[name]);
  for (const name of ["legs", "call", "if_no", "stop"]) say(`${name}-title`, sheet.labels[name]);
  say("qr", sheet.labels.qr);
  find("legs").replaceChildren(...sheet.legs.map((one) => row("leg", one)));
  find("calls").hidden = !sheet.call.length;
  find("call").replaceChildren(...sheet.call.map((one) => row("call-row", one)));
  for (const name of ["if_no", "stop"]) find(name).replaceChildren(...sheet[name].map(line));
  say("until", put(words.until, { time: clock(phone.until) }));
  await draw(sheet.pass);
}

function row(kind, told) {
  const one = find(kind).content.firstElementChild.cloneNode(true);
  for (const part of one.querySelectorAll("[data-is]")) part.textContent = told[part.dataset.is];
  return one;
}

function line(text) {
  const one = document.createElement("li");
  one.textContent = text;
  return one;
}

async function draw(text) {
  const { encodeQR } = await import("../vendor/qr/index.js");
  const modules = encodeQR(text, "raw", { ecc: "medium", border: SQUARE });
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const squares = modules.flatMap((each, y) => (
    each.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).filter(Boolean)
  ));
  path.setAttribute("d", squares.join(""));
  find("code-picture").setAttribute("viewBox", `0 0 ${modules.length} ${modules.length}`);
  find("code-picture").replaceChildren(path);
}

// ---- the sheet comes onto the phone

async function take(form) {
  const { code, password, again } = form.elements;
  const wrong = whyNot(password.value, again.value);
  fault("take-fault", wrong);
  if (wrong) return null;
  find("take-button").disabled = true;
  await keep(code.value, password.value).catch(() => fault("take-fault", words.failed));
  find("take-button").disabled = false;
  if (!sheet) return null;
  form.reset();
  await show();
  return find("day").focus();
}

async function keep(code, password) {
  secret ||= vault.newSecret();
  const answer = await send(page.dataset.take, { code, knock: secret });
  if (answer.status !== 200) return fault("take-fault", await told(answer));
  const came = (await answer.json()).sheet;
  const salt = vault.chance(16);
  const key = await vault.keyOf(password, salt);
  const phone = { salt, until: Date.parse(came.until), loaded: Date.now(), knock: secret };
  await store.put(
    ["open", "phone", phone],
    ["open", "tries", TRIES],
    ["sealed", "sheet", await vault.seal(key, "sheet", came)],
  );
  sheet = came;
  secret = "";
  navigator.storage?.persist?.();
  return null;
}

// No cookie goes with it.
function send(url, fields) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const body = new URLSearchParams(fields);
  return fetch(url, { method: "POST", body, signal, cache: "no-store", credentials: "omit" });
}

// ---- locked and unlocked

async function unlock(form) {
  const phone = await store.phone();
  if (!phone) return show();
  const key = await vault.keyOf(form.elements.password.value, phone.salt);
  form.reset();
  try {
    sheet = await vault.unseal(key, "sheet", await store.get("sealed", "sheet"));
  } catch {
    return (await lostTry(phone)) ? wipe("wiped_tries") : null;
  }
  fault("unlock-fault", "");
  await store.put(["open", "tries", TRIES]);
  await show();
  return find("day").focus();
}

async function lock() {
  forget();
  await show();
  find("locked").querySelector("h1").focus();
}

function forget() {
  sheet = null;
  for (const name of ["day", "persons", "word", "until"]) say(name, "");
  for (const name of ["legs", "call", "code-picture"]) find(name).replaceChildren();
  for (const form of page.querySelectorAll("form")) form.reset();
}

function onSight() {
  if (document.hidden) hiddenAt = Date.now();
  else if (sheet && hiddenAt && Date.now() - hiddenAt > IDLE_MS) lock();
  else tick();
}

// ---- it is deleted: by the clock, from afar, by her

async function tick() {
  const phone = await keepTime();
  const answer = phone && (await knock(phone, ""));
  if (answer?.wipe) await wipe("wiped_afar");
}

// What the clock says is done without a network. Returns what is still on the phone.
async function keepTime() {
  const phone = await store.phone();
  if (!phone) return null;
  if (isSetBack(phone)) await wipe("wiped_clock");
  else if (isOver(phone)) await wipe("over");
  return store.phone();
}

async function knock(phone, wiped) {
  try {
    const answer = await send(page.dataset.knock, { knock: phone.knock, wiped });
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null; // there is no network
  }
}

async function wipe(why) {
  const phone = await store.phone();
  forget();
  await store.destroy();
  others.postMessage("wiped");
  showGone(why);
  if (phone) await knock(phone, "on");
}
