// Upload with progress a file (上传), by choosing or dropping, and the state of a run as it goes on (任务进度). Without this file
// the form sends all files at once, and the state is shown anew by a link.

const form = document.getElementById("upload");
const input = document.getElementById("files");
const list = document.getElementById("uploads");
const drop = form.querySelector(".drop");
const words = form.dataset;
const language = document.documentElement.lang === "en" ? "?lang=en" : "";

// What the page tells of the index, as it is now; where it cannot be had, or somebody goes to another page, it stays as it is.
async function freshen() {
  const response = await fetch(`/admin${language}`).catch(() => null);
  const text = response?.ok ? await response.text().catch(() => "") : "";
  const now = new DOMParser().parseFromString(text, "text/html");
  for (const id of ["state", "failed"]) {
    const told = now.getElementById(id);
    if (told) document.getElementById(id).replaceWith(told);
  }
}

// ------------------------------------------------------------------ upload

function rowOf(file) {
  const row = document.createElement("li");
  row.className = "result";
  const name = document.createElement("b");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const state = document.createElement("span");
  state.textContent = words.sending;
  row.append(name, " ", bar, " ", state);
  list.append(row);
  return { row, bar, state };
}

function told({ row, bar, state }, text, { good = false } = {}) {
  bar.remove();
  state.textContent = text;
  state.className = good ? "badge done" : "wrong";
  row.dataset.state = good ? "done" : "failed";
}

function send(file) {
  const shown = rowOf(file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/documents");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
    });
    request.upload.addEventListener("load", () => {
      shown.bar.removeAttribute("value"); // it is being read; nobody knows how far
      shown.state.textContent = words.reading;
    });
    request.addEventListener("load", () => {
      const answer = request.response ?? {};
      if (request.status === 201 && !answer.failed.length) {
        told(shown, words.done, { good: true });
        const link = document.createElement("a");
        link.href = `/documents/${answer.stored[0].document_id}${language}`;
        link.textContent = words.see;
        shown.row.append(" ", link);
      } else {
        told(shown, words.failed + (answer.failed?.[0]?.reason ?? answer.detail ?? ""));
      }
      resolve();
    });
    request.addEventListener("error", () => {
      told(shown, words.failed + words.broken);
      resolve();
    });
    const body = new FormData();
    body.append("files", file);
    request.send(body);
  });
}

async function sendAll(files) {
  for (const file of files) await send(file); // one after the other: each is read and stored before the next
  input.value = "";
  await freshen();
}

form.addEventListener("submit", (event) => {
  if (!input.files.length) return;
  event.preventDefault();
  sendAll([...input.files]);
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  sendAll([...event.dataTransfer.files]);
});

// --------------------------------------------------------------------- run

const run = document.getElementById("run");

async function look() {
  let state = null;
  try {
    state = await (await fetch(`/admin/run.json${location.search}`)).json();
  } catch {
    setTimeout(look, 2000);
    return;
  }
  if (!state.run) return;
  run.innerHTML = state.html;
  if (state.run.is_done) await freshen();
  else setTimeout(look, 500);
}

if ("going" in run.dataset) look();
