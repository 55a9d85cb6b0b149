// Copying and printing (复制、打印). A button with data-copy copies the words of what it names, between its data-before and
// data-after: quotes and the source, 《title》（文号）. data-print prints. Such buttons are .scripted: not shown where no script runs.

async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // A page that is not served over HTTPS nor from this machine has no clipboard.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (event.target.closest("button[data-print]")) window.print();
  if (!button) return;
  const words = document.querySelector(button.dataset.copy).textContent;
  await put(`${button.dataset.before ?? ""}${words}${button.dataset.after ?? ""}`);
  if (button.dataset.done && !button.dataset.label) {
    button.dataset.label = button.innerHTML;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.innerHTML = button.dataset.label;
      delete button.dataset.label;
    }, 2000);
  }
});
