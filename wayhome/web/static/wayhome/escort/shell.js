// What both pages that keep themselves on a phone have: parts and words, limits, what is wrong.
import * as store from "./store.js";

export const TRIES = 10;
export const PATIENCE_MS = 15000;
export const IDLE_MS = 10 * 60000; // out of sight so long, it locks itself
const SHORTEST = 8; // characters of the password
const CLOCK_MS = 5 * 60000;

export const page = document.querySelector("[data-store]");
export const words = JSON.parse(page.dataset.words);
export const find = (name, within = page) => within.querySelector(`[data-is="${name}"]`);
export const say = (name, text, within = page) => { find(name, within).textContent = text; };
export const put = (text, gaps) => text.replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
export const can = () => window.isSecureContext && window.indexedDB && crypto.subtle;

export function on(name, what, act) {
  find(name).addEventListener(what, async (event) => {
    event.preventDefault();
    await act(event.currentTarget);
  });
}

export function clock(at) {
  const { lang } = document.documentElement;
  return new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}

export function fault(place, text) {
  find(place).hidden = !text;
  say(place, text);
}

// What is wrong with a password that was chosen; empty if nothing is.
export function whyNot(password, again) {
  if (password.normalize("NFKC").trim().length < SHORTEST) return words.short;
  return password === again ? "" : words.differ;
}

// Returns whether none is left.
export async function lostTry(phone) {
  const tries = phone.tries - 1;
  if (!tries) return true;
  await store.put(["open", "tries", tries]);
  fault("unlock-fault", put(words.wrong, { number: tries }));
  return false;
}

// So far that it may lie about when the day is over.
export const isSetBack = (phone) => Date.now() < phone.loaded - CLOCK_MS;
export const isOver = (phone) => Date.now() >= phone.until;

// What an answer says that was refused.
export async function told(answer) {
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const lines = [...parsed.querySelectorAll("[role=alert] li")].map((one) => one.textContent);
  return lines.join(" ") || words.failed;
}

// One of the sections of the page, and no other.
export function showOnly(name) {
  for (const one of page.querySelectorAll(":scope > section")) one.hidden = one.dataset.is !== name;
}

// The page says that nothing is left on the phone, and why.
export function showGone(why) {
  say("why", words[why]);
  showOnly("gone");
  find("gone").querySelector("h1").focus();
}
