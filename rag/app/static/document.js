// One document (单份文件): pages turned beside the text without losing one's place, and words copied with their source.
//
// Without this script the same links load the page anew, and the words are copied by hand.

const pane = document.querySelector("[data-page-pane]");

function span() {
  const given = new URLSearchParams(location.search);
  const [start, end] = [given.get("start"), given.get("end")];
  return start && end ? `?start=${encodeURIComponent(start)}&end=${encodeURIComponent(end)}` : "";
}

// The pane may be lower than the page: see that the cited words are in it.
function reveal() {
  const frame = pane.querySelector(".page-picture");
  const first = pane.querySelector("rect");
  if (frame.scrollHeight <= frame.clientHeight) return;
  const top = first ? first.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop : 0;
  frame.scrollTop = Math.max(0, top - frame.clientHeight / 3);
}

function draw(view) {
  const picture = pane.querySelector("img");
  const layer = pane.querySelector("svg");
  const label = pane.querySelector("[data-page-label]");
  picture.srcset = [600, 1200, 1800].map((width) => `${view.image}?width=${width} ${width}w`).join(", ");
  picture.src = view.image;
  picture.height = Math.round((1200 * view.height) / view.width);
  picture.alt = picture.dataset.alt.replace("{page}", view.page);
  layer.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
  layer.replaceChildren(
    ...view.boxes.map((box) => {
      const place = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      place.setAttribute("class", "cited");
      place.setAttribute("x", box.left);
      place.setAttribute("y", box.top);
      place.setAttribute("width", box.width);
      place.setAttribute("height", box.height);
      return place;
    }),
  );
  label.textContent = label.dataset.label.replace("{page}", view.page).replace("{pages}", view.pages);
  pane.dataset.number = view.page;
  reveal();
}

async function turn(link, step) {
  const number = Number(pane.dataset.number) + step;
  const answer = await fetch(`${pane.dataset.address}${number}.json${span()}`);
  const view = answer.ok ? await answer.json() : null;
  if (!view?.image) {
    location.assign(link.href); // the server says why
    return;
  }
  draw(view);
  const here = new URL(location.href);
  here.searchParams.set("page", number);
  history.replaceState(null, "", here);
  for (const other of pane.querySelectorAll("[data-page-step]")) {
    const to = number + Number(other.dataset.pageStep);
    const address = new URL(other.href);
    address.searchParams.set("page", to);
    other.href = address;
    other.hidden = to < 1 || to > Number(pane.dataset.pages);
  }
}

if (pane?.querySelector("img")) {
  reveal();
  // Both ways are needed once pages are turned here; the server shows only those there are.
  const [previous, next] = [-1, 1].map((step) => pane.querySelector(`[data-page-step="${step}"]`));
  const model = previous ?? next;
  if (model && !(previous && next)) {
    const other = model.cloneNode(true);
    const step = previous ? 1 : -1;
    other.dataset.pageStep = step;
    other.rel = step > 0 ? "next" : "prev";
    other.textContent = pane.dataset[step > 0 ? "next" : "previous"];
    other.hidden = true;
    step > 0 ? model.after(other) : model.before(other);
  }
  pane.addEventListener("click", (event) => {
    const link = event.target.closest("[data-page-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(link, Number(link.dataset.pageStep));
  });
  pane.querySelector("[data-page-label]").setAttribute("aria-live", "polite");
  pane.querySelector("img").addEventListener("error", () => {
    const said = document.createElement("p");
    said.className = "notice";
    said.textContent = pane.dataset.failed;
    pane.querySelector(".layers").replaceWith(said);
  });
}

// ------------------------------------------------------------------------------------------- copying

const copy = document.querySelector("[data-copy]");
const text = document.getElementById("text");

// Offset in the document's text of a place in the article, null where it is in none of its words.
function offset(node, at) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!holder || !text.contains(holder)) return null;
  const before = document.createRange();
  before.selectNodeContents(holder);
  before.setEnd(node, at);
  // Offsets count characters, not the halves that JavaScript counts in.
  return Number(holder.dataset.at) + [...before.toString()].length;
}

function chosen() {
  const selection = getSelection();
  if (selection.rangeCount && !selection.isCollapsed && text.contains(selection.anchorNode)) {
    const range = selection.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    const here = new URL(copy.dataset.permalink, location.href);
    if (start !== null && end !== null && start < end) {
      here.searchParams.set("start", start);
      here.searchParams.set("end", end);
      here.hash = "quote";
    }
    return { quote: selection.toString().trim(), link: here };
  }
  const marked = [...text.querySelectorAll("mark")].map((mark) => mark.textContent).join("");
  return { quote: marked, link: new URL(copy.dataset.permalink, location.href) };
}

async function put(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false; // forbidden, or a page that did not come over a safe connection
  }
}

if (copy) {
  const status = document.querySelector("[data-copy-status]");
  copy.hidden = false;
  // The selection must outlive the press of the button.
  copy.addEventListener("mousedown", (event) => event.preventDefault());
  copy.addEventListener("click", async () => {
    const { quote, link } = chosen();
    const words = [quote && copy.dataset.quote.replace("{quote}", quote), copy.dataset.reference, link.href].filter(Boolean).join("\n");
    status.textContent = (await put(words)) ? copy.dataset.done : copy.dataset.failed;
  });
}
