// A family is dragged to a day: the form "Choose the day of a family" is filled and sent, so that
// what may be, and why not, stays the server's. The form itself is the way by keyboard, and by
// single presses. Without this script no handle is seen.
const form = document.querySelector("form[data-chooses-day]");
const says = document.querySelector("[data-drag-says]");
const days = [...document.querySelectorAll("[data-day]")];
const FAR_ENOUGH = 5; // CSS pixels: less is a press, not a drag
const EDGE = 30;
const SCROLLS = 14;

const made = (name, text = "") => {
  const one = document.createElement("div");
  one.className = name;
  one.textContent = text;
  return one;
};
const words = (template, told) =>
  template.replace(/\{(\w+)\}/g, (all, name) => told[name] ?? all);

// Every day of the plan at the foot of the window: the calendar itself may be far above.
function strip(name) {
  const whole = made("wh-days");
  whole.setAttribute("aria-hidden", "true"); // the form says the same to whoever does not see it
  whole.append(made("wh-days__heading", words(says.dataset.taken, { name })));
  const list = made("wh-days__list");
  for (const row of days) {
    const day = made("wh-days__day", row.dataset.words);
    day.dataset.day = row.dataset.day;
    day.dataset.words = row.dataset.words;
    for (const cell of row.querySelectorAll("td")) {
      day.append(made("wh-days__load", cell.textContent.trim()));
    }
    list.append(day);
  }
  whole.append(list);
  return whole;
}

function choose(family, day) {
  const [year, month, date] = day.split("-").map(Number);
  form.elements.family.value = family;
  form.elements.day_year.value = year;
  form.elements.day_month.value = month;
  form.elements.day_day.value = date;
  form.requestSubmit();
}

let held = null; // what is dragged now

function lift() {
  const { family, name } = held.grip.dataset;
  held.chip = made("wh-held", name);
  held.strip = strip(name);
  document.body.append(held.strip, held.chip);
  document.documentElement.classList.add("wh-dragging");
  says.textContent = words(says.dataset.taken, { name });
  held.family = family;
}

function over(event) {
  held.chip.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
  const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]");
  if (target !== held.target) {
    held.target?.classList.remove("wh-over");
    target?.classList.add("wh-over");
    held.target = target;
  }
  const list = held.strip.lastElementChild;
  const box = list.getBoundingClientRect();
  if (event.clientY > box.bottom - EDGE) list.scrollBy(0, SCROLLS);
  else if (event.clientY > box.top && event.clientY < box.top + EDGE) list.scrollBy(0, -SCROLLS);
}

function letGo() {
  const { strip: shown, chip, target } = held;
  target?.classList.remove("wh-over");
  shown?.remove();
  chip?.remove();
  document.documentElement.classList.remove("wh-dragging");
  held = null;
}

function drop() {
  const { target, family, chip, grip } = held;
  const { day, words: shown } = target?.dataset ?? {};
  letGo();
  if (!chip) return;
  if (!day) {
    says.textContent = says.dataset.nothing;
    return;
  }
  says.textContent = words(says.dataset.dropped, { name: grip.dataset.name, day: shown });
  choose(family, day);
}

function cancel() {
  if (!held) return;
  if (held.chip) says.textContent = says.dataset.nothing;
  letGo();
}

for (const grip of document.querySelectorAll("[data-grip]")) {
  grip.hidden = false;
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held) return;
    event.preventDefault(); // no text is marked
    grip.setPointerCapture(event.pointerId);
    held = { grip, x: event.clientX, y: event.clientY };
  });
  grip.addEventListener("pointermove", (event) => {
    if (held?.grip !== grip) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
    if (!held.chip && far < FAR_ENOUGH) return;
    if (!held.chip) lift();
    over(event);
  });
  grip.addEventListener("pointerup", () => held?.grip === grip && drop());
  grip.addEventListener("pointercancel", cancel);
}
document.addEventListener("keydown", (event) => event.key === "Escape" && cancel());
document.querySelector("[data-drag-hint]").hidden = false;

// What the server says of the day that was chosen is heard too, not only seen: a page that was just
// opened is read from its title on.
const became = document.querySelector("[data-became]");
if (became) window.setTimeout(() => (says.textContent = became.textContent.trim()), 300);
