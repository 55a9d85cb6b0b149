// The source beside the answer (原文对照): a mark shows the cited words when it is hovered or focused, and opens them with
// what stands around them when it is clicked. Without this file a mark is a link to the place in the document.

const pane = document.getElementById("source");
const content = document.getElementById("source-content");
const close = pane.querySelector("[data-close]");
const NARROW = matchMedia("(max-width: 74.99rem)");
let opener = null;

// ------------------------------------------------------------------ pane

function showPages() {
  for (const figure of content.querySelectorAll("[data-page-of]")) showPage(figure);
}

async function showPage(figure) {
  const response = await fetch(figure.dataset.pageOf, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const page = await response.json();
  if (!page.image || !page.width) return;
  const image = new Image();
  image.alt = figure.dataset.alt;
  image.src = page.image;
  try {
    await image.decode();
  } catch {
    return; // no picture can be had
  }
  const SVG = "http://www.w3.org/2000/svg";
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  layer.setAttribute("aria-hidden", "true");
  for (const box of page.boxes) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: box.left, y: box.top, width: box.width, height: box.height })) {
      rect.setAttribute(name, value);
    }
    layer.append(rect);
  }
  figure.replaceChildren(image, layer);
  figure.hidden = false;
}

function settle() {
  const mark = content.querySelector("mark");
  if (mark) {
    const around = content.querySelector(".around");
    around.scrollTop += mark.getBoundingClientRect().top - around.getBoundingClientRect().top - around.clientHeight / 4;
  }
  showPages();
}

function first() {
  const mark = NARROW.matches ? null : document.querySelector("a.mark");
  if (mark) choose(mark.dataset.citation);
}

function choose(citation) {
  for (const mark of document.querySelectorAll("[aria-current='true'][data-citation]")) mark.removeAttribute("aria-current");
  for (const mark of document.querySelectorAll(`.mark[data-citation="${citation}"]`)) mark.setAttribute("aria-current", "true");
}

async function open(link, byKeyboard) {
  opener = link;
  let response = null;
  try {
    response = await fetch(link.dataset.source);
  } catch {
    // the network is away; the link itself will say so
  }
  if (!response?.ok) {
    location.assign(link.href);
    return;
  }
  content.innerHTML = await response.text();
  pane.hidden = false;
  pane.classList.add("open");
  choose(link.dataset.citation);
  settle();
  if (byKeyboard || NARROW.matches) pane.focus({ preventScroll: true });
}

function shut() {
  pane.classList.remove("open");
  opener?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-source]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  hide();
  open(link, event.detail === 0);
});

close.addEventListener("click", shut);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (tip) hide();
  else if (pane.contains(document.activeElement)) shut();
});

document.addEventListener("rag:source", (event) => {
  content.innerHTML = event.detail ?? "";
  pane.hidden = event.detail === null;
  pane.classList.remove("open");
  settle();
  first();
});

// ------------------------------------------------------------- cited words at the mark

let tip = null;
let leaving = 0;

function place(mark) {
  const at = mark.getBoundingClientRect();
  const width = tip.offsetWidth;
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = at.top - tip.offsetHeight - 6;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above > 8 ? above : at.bottom + 6) + scrollY}px`;
}

function show(mark) {
  clearTimeout(leaving);
  if (tip?.dataset.of === mark.dataset.citation && tip.mark === mark) return;
  hide();
  if (mark.title) {
    mark.dataset.quote = mark.title; // else the browser shows its own as well
    mark.removeAttribute("title");
  }
  tip = document.createElement("div");
  tip.id = "tip";
  tip.mark = mark;
  tip.setAttribute("role", "tooltip");
  tip.lang = "zh-CN";
  tip.textContent = mark.dataset.quote;
  document.body.append(tip);
  mark.setAttribute("aria-describedby", "tip");
  place(mark);
}

function hide() {
  clearTimeout(leaving);
  tip?.mark.removeAttribute("aria-describedby");
  tip?.remove();
  tip = null;
}

function later() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, 200);
}

document.addEventListener("mouseover", (event) => {
  const mark = event.target.closest?.("a.mark");
  if (mark) show(mark);
  else if (event.target.closest?.("#tip")) clearTimeout(leaving);
  else if (tip && tip.mark !== document.activeElement) later();
});
document.addEventListener("focusin", (event) => {
  const mark = event.target.closest("a.mark");
  if (mark) show(mark);
  else if (tip) later();
});
document.addEventListener("focusout", () => tip && later());

settle();
first();
