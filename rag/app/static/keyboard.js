// Keyboard (键盘): "/" goes to the search box, "j" and "k" move among results, "o" opens the source, "?" shows help.
//
// A page marks its box with data-search, each result with data-result (it gets tabindex -1 here), and the link that
// "o" follows with data-open (inside the result; else the first link of the result is taken). Single keys can be
// turned off in the help (WCAG 2.2, 2.1.4).

const OFF = "rag.keys.off";
const help = document.getElementById("keys");

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false; // storage is forbidden
  }
}

function keepOff(off) {
  try {
    off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF);
  } catch {
    // for this page only, then
  }
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function results() {
  return [...document.querySelectorAll("[data-result]")].filter((result) => result.offsetParent !== null);
}

function move(step) {
  const all = results();
  const at = all.findIndex((result) => result.contains(document.activeElement));
  const to = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (!to) return;
  if (!to.matches("a[href], button")) to.tabIndex = -1;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

function open() {
  const result = document.activeElement.closest("[data-result]") ?? results()[0];
  const link = result?.matches("a[href]") ? result : result?.querySelector("[data-open], a[href]");
  link?.click();
}

function search() {
  const box = document.querySelector("[data-search]");
  box?.focus();
  box?.select?.();
}

const ACTIONS = {
  "/": search,
  j: () => move(1),
  k: () => move(-1),
  o: open,
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const action = ACTIONS[event.key];
  const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented);
  if (!action || !isPlain || isTyping(event.target) || help.open) return;
  if (isOff() && event.key !== "?") return;
  event.preventDefault();
  action();
});

document.querySelector("[data-keys-button]").addEventListener("click", () => help.showModal());

const off = help.querySelector("#keys-off");
off.checked = isOff();
off.addEventListener("change", () => keepOff(off.checked));
