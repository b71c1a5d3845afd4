// Boxes with a list under them (WAI-ARIA's combobox): htmx fetches the list, the arrow keys walk
// it. data-combobox="go" opens what is chosen, "fill" writes it into the box. Without this script
// each is an ordinary box.
const ANSWERS = [200, 422, 429]; // anything else, or another page, is no list of ours

// The list of a box and what screen readers hear of it: in the page, or made here.
const placesOf = (box) => {
  const ready = document.getElementById(box.dataset.found ?? "");
  if (ready) return [ready, document.getElementById(box.dataset.says)];
  const around = document.createElement("span");
  around.className = "wh-combobox";
  const found = document.createElement("div");
  found.className = "wh-found";
  found.id = `found-${box.id}`;
  found.hidden = true;
  const says = document.createElement("span");
  says.className = "govuk-visually-hidden";
  says.setAttribute("role", "status");
  box.replaceWith(around);
  around.append(box, found, says);
  box.setAttribute("hx-target", `#${found.id}`);
  return [found, says];
};

for (const box of document.querySelectorAll("input[data-combobox]")) {
  const [found, says] = placesOf(box);
  const fills = box.dataset.combobox === "fill";
  const options = () => [...found.querySelectorAll("[role=option]")];
  const chosen = () => found.querySelector("[aria-selected=true]");

  const mark = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    mark(null);
    found.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-controls");
  };
  const open = () => {
    found.hidden = found.textContent.trim() === "";
    const list = found.querySelector("[role=listbox]");
    box.setAttribute("aria-expanded", String(!found.hidden && list !== null));
    if (list && !found.hidden) box.setAttribute("aria-controls", list.id);
  };
  const choose = (option, event) => {
    if (fills) {
      box.value = option.dataset.fill; // what was typed stays the last line of the list
      close();
    } else if (option.hasAttribute("data-all")) box.form.requestSubmit();
    else if (event.ctrlKey || event.metaKey) window.open(option.dataset.url);
    else window.location.assign(option.dataset.url);
  };
  const walk = (step) => {
    const all = options();
    if (found.hidden) open();
    if (found.hidden || all.length === 0) return;
    const at = all.indexOf(chosen());
    // Past either end nothing is marked: the arrow leads back to what was typed.
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    mark(all[next] ?? null);
  };
  const failed = () => {
    found.replaceChildren();
    if (!box.dataset.fault) return close(); // help that does not come is no hindrance
    const note = document.createElement("p");
    note.className = "wh-found__note";
    note.textContent = box.dataset.fault;
    found.append(note);
    says.textContent = note.textContent;
    mark(null);
    open();
  };

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-haspopup", "listbox");
  box.setAttribute("aria-expanded", "false");

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      walk(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && chosen() && !found.hidden) {
      choose(chosen(), event);
      event.preventDefault();
    } else if (event.key === "Escape" && !found.hidden) {
      close(); // what was typed stays
      event.preventDefault();
    }
  });
  if (!fills) box.addEventListener("focus", open);
  box.addEventListener("blur", close);
  found.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  found.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option, event);
  });

  box.addEventListener("htmx:after:init", () => {
    // Whoever typed before htmx was ready is answered too.
    if (box.value !== box.defaultValue) box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  box.addEventListener("htmx:before:swap", (event) => {
    const { response } = event.detail.ctx;
    if (response.raw.redirected || !ANSWERS.includes(response.status)) {
      event.preventDefault();
      failed();
    }
  });
  box.addEventListener("htmx:after:swap", () => {
    mark(null);
    for (const option of options()) option.setAttribute("aria-selected", "false");
    says.textContent = found.querySelector("[data-says]")?.textContent.trim() ?? "";
    if (document.activeElement === box) open();
  });
  box.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name !== "AbortError") failed(); // a newer question took its place
  });
}
