// Suggestions (边输入边查) under a search box: a combobox with a list box, after the ARIA Authoring Practices.
//
// The box names where to ask (data-suggest) and where a choice leads (data-link, with the id put at the end of its path).
// Without this script the box is a field of its form.

const WAIT_MS = 60;

function setUp(box) {
  const list = document.getElementById("suggestions");
  const status = box.form.querySelector("[data-suggest-status]");
  let asked = 0;
  let timer = 0;
  let current = -1;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  function options() {
    return [...list.children];
  }

  function close() {
    list.hidden = true;
    current = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    const all = options();
    current = at;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    box.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  function address(documentId) {
    const to = new URL(box.dataset.link, location.href);
    to.pathname += documentId;
    return to;
  }

  function show(found) {
    list.replaceChildren(
      ...found.map((document_, index) => {
        const option = document.createElement("li");
        option.id = `suggestion-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.address = address(document_.document_id);
        const title = document.createElement("span");
        title.textContent = document_.title ?? document_.source;
        const facts = document.createElement("small");
        facts.textContent = [document_.document_number, document_.issuer, document_.issued_on].filter(Boolean).join(" · ");
        option.append(title, facts);
        return option;
      }),
    );
    status.textContent = found.length ? box.dataset.found.replace("{count}", found.length) : box.dataset.none;
    current = -1;
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    box.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const turn = ++asked;
    const words = box.value.trim();
    if (!words) {
      status.textContent = "";
      close();
      return;
    }
    const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`);
    // An answer to an earlier letter may come after that to a later one.
    if (!answer.ok || turn !== asked || document.activeElement !== box) return;
    show((await answer.json()).suggestions);
  }

  box.addEventListener("input", (event) => {
    if (event.isComposing) return; // an input method is still at it
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("compositionend", ask);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      if (list.hidden) {
        list.hidden = false;
        box.setAttribute("aria-expanded", "true");
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // The box itself is one of the places that the arrows go round.
      choose(((current + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden && current >= 0) {
      event.preventDefault();
      location.assign(options()[current].dataset.address);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
  box.addEventListener("blur", close);
}

document.querySelectorAll("[data-suggest]").forEach(setUp);
