// Asking without leaving the page (追问): the parts of the answer's page come as server-sent events and are put in their
// places from top to bottom, so that nothing that stands moves. The address, the title and the links follow. Without
// this file the same forms load a whole page.

const answer = document.getElementById("answer");
const looking = document.getElementById("looking");
const live = document.getElementById("live");
const box = document.getElementById("q");
const frame = document.querySelector(".asked");
let events = null;

function parametersOf(form) {
  const given = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...given]) if (!value.trim()) given.delete(name);
  return given;
}

function follow(given) {
  const question = given.get("q");
  history.pushState({}, "", `/?${given}`);
  document.title = document.title.replace(/^.* · /, () => `${question} · `);
  box.value = question;
  const other = new URLSearchParams(given);
  if (given.has("lang")) other.delete("lang");
  else other.set("lang", document.querySelector(".switch").lang.slice(0, 2));
  document.querySelector(".switch").href = `/?${other}`;
  for (const twin of document.querySelectorAll("[href^='/ask/answer.json']")) {
    const same = new URLSearchParams(given);
    same.delete("lang");
    twin.href = `/ask/answer.json?${same}`;
  }
  document.querySelector("link[rel=canonical]").href = `/?${given}`;
}

function say(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const said = document.createElement("p");
  said.textContent = holder.content.textContent;
  live.append(said);
}

function ask(given) {
  events?.close();
  answer.setAttribute("aria-busy", "true");
  answer.classList.add("stale");
  live.replaceChildren();
  looking.textContent = looking.dataset.looking;
  window.scrollTo(0, 0);
  let isBegun = false;
  events = new EventSource(`/ask/stream?${given}`);
  events.addEventListener("opening", (event) => {
    isBegun = true;
    answer.classList.remove("stale");
    answer.innerHTML = event.data;
    looking.textContent = "";
    if (!document.getElementById("statements")?.nextElementSibling) say(event.data);
    document.dispatchEvent(new CustomEvent("rag:source", { detail: null }));
  });
  events.addEventListener("statement", (event) => {
    document.getElementById("statements").insertAdjacentHTML("beforeend", event.data);
    say(event.data);
  });
  events.addEventListener("rest", (event) => answer.insertAdjacentHTML("beforeend", event.data));
  events.addEventListener("source", (event) => {
    document.dispatchEvent(new CustomEvent("rag:source", { detail: event.data }));
  });
  events.addEventListener("end", () => {
    events.close();
    answer.removeAttribute("aria-busy");
  });
  events.addEventListener("error", () => {
    events.close();
    answer.removeAttribute("aria-busy");
    if (!isBegun) {
      location.assign(`/?${given}`); // the whole page says what is wrong
      return;
    }
    looking.textContent = looking.dataset.failed;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-asks]");
  if (!form) return;
  const given = parametersOf(form);
  if (!given.get("q")) return;
  event.preventDefault();
  follow(given);
  ask(given);
});

window.addEventListener("popstate", () => location.reload());
window.addEventListener("pagehide", () => events?.close());
frame.dataset.ready = "";
