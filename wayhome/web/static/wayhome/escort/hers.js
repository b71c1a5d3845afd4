// Her own page for one day. The sheet comes once, for a number that the escort gave; it lies here
// encrypted under her password alone, and works without a network until the night.
import * as store from "./store.js";
import * as vault from "./vault.js";

const TRIES = 10;
const SHORTEST = 8; // characters of the password
const TICK_MS = 60000;
const PATIENCE_MS = 15000;
const IDLE_MS = 10 * 60000; // out of sight so long, it locks itself
const CLOCK_MS = 5 * 60000;
const SQUARE = 4; // modules of white around the code

const page = document.getElementById("sheet");
const words = JSON.parse(page.dataset.words);
const find = (name, within = page) => within.querySelector(`[data-is="${name}"]`);
const say = (name, text, within = page) => { find(name, within).textContent = text; };
const put = (text, gaps) => text.replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
const others = new BroadcastChannel("wayhome pass");
// In memory alone, and gone when the page is locked or left.
let sheet = null;
let hiddenAt = 0;
let secret = ""; // asked again after an answer was lost, it is the same phone

begin();

async function begin() {
  if (!window.isSecureContext || !window.indexedDB || !crypto.subtle) return;
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

function on(name, what, act) {
  find(name).addEventListener(what, async (event) => {
    event.preventDefault();
    await act(event.currentTarget);
  });
}

// ---- what is shown

async function show() {
  const phone = await store.phone();
  const name = sheet ? "open" : phone ? "locked" : "empty";
  for (const each of ["empty", "locked", "open", "gone"]) find(each).hidden = each !== name;
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

function clock(at) {
  const { lang } = document.documentElement;
  return new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}

// ---- the sheet comes onto the phone

async function take(form) {
  const { code, password, again } = form.elements;
  if (password.value.normalize("NFKC").trim().length < SHORTEST) return fault("take", words.short);
  if (password.value !== again.value) return fault("take", words.differ);
  fault("take", "");
  find("take-button").disabled = true;
  await keep(code.value, password.value).catch(() => fault("take", words.failed));
  find("take-button").disabled = false;
  if (!sheet) return null;
  form.reset();
  await show();
  return find("day").focus();
}

function fault(place, text) {
  find(`${place}-fault`).hidden = !text;
  say(`${place}-fault`, text);
}

async function keep(code, password) {
  secret ||= vault.newSecret();
  const answer = await send(page.dataset.take, { code, knock: secret });
  if (answer.status !== 200) return fault("take", await told(answer));
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

async function told(answer) {
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const lines = [...parsed.querySelectorAll("[role=alert] li")].map((one) => one.textContent);
  return lines.join(" ") || words.failed;
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
    return wrongPassword(phone);
  }
  fault("unlock", "");
  await store.put(["open", "tries", TRIES]);
  await show();
  return find("day").focus();
}

async function wrongPassword(phone) {
  const tries = phone.tries - 1;
  if (!tries) return wipe("wiped_tries");
  await store.put(["open", "tries", tries]);
  return fault("unlock", put(words.wrong, { number: tries }));
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
  if (Date.now() < phone.loaded - CLOCK_MS) await wipe("wiped_clock");
  else if (Date.now() >= phone.until) await wipe("over");
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
  for (const each of ["empty", "locked", "open"]) find(each).hidden = true;
  say("why", words[why]);
  find("gone").hidden = false;
  find("gone").querySelector("h1").focus();
  if (phone) await knock(phone, "on");
}
