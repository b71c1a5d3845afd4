// Reads a screen aloud in its own language, for whoever cannot read it. Only with a voice of the
// device itself: a voice from the network would send his page elsewhere. What he typed is not read.
const button = document.querySelector("button[data-read-aloud]");
const speech = window.speechSynthesis;

const SPOKEN = "h1, h2, h3, p, li, dt, dd, legend, label, .govuk-hint, .govuk-error-message, button, a.govuk-button";
const SILENT = ".govuk-visually-hidden, [hidden]";

// Each sentence once: what stands inside another spoken element is read with that one.
function sentences(root) {
  const all = [...root.querySelectorAll(SPOKEN)].filter((one) => !one.closest(SILENT));
  const outer = all.filter((one) => !all.some((other) => other !== one && other.contains(one)));
  return outer.map(wordsOf).filter((text) => text);
}

function wordsOf(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll(`${SILENT}, script, textarea, input`)) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function ownVoice(language) {
  const here = speech.getVoices().filter((voice) => voice.localService);
  return here.find((voice) => voice.lang.replace("_", "-").toLowerCase().split("-")[0] === language);
}

if (button && speech) {
  const box = button.closest("[data-read-aloud-box]");
  const status = document.querySelector("[data-read-aloud-says]");
  const language = document.documentElement.lang.split("-")[0];
  let reading = false;

  const show = (now, words = "") => {
    reading = now;
    button.textContent = now ? button.dataset.stop : button.dataset.start;
    status.textContent = words;
  };
  const stop = () => {
    speech.cancel();
    show(false);
  };
  const read = () => {
    const voice = ownVoice(language);
    if (!voice) {
      show(false, button.dataset.noVoice);
      return;
    }
    speech.cancel();
    const texts = sentences(document.getElementById("main"));
    show(true);
    texts.forEach((text, place) => {
      const said = new SpeechSynthesisUtterance(text);
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = 0.9;
      said.onerror = () => show(false);
      if (place === texts.length - 1) said.onend = () => show(false);
      speech.speak(said);
    });
  };
  button.addEventListener("click", () => (reading ? stop() : read()));
  // A page that is left falls silent, and one that comes back from the browser's memory too.
  window.addEventListener("pagehide", () => speech.cancel());
  box.hidden = false;
  speech.getVoices();
}
