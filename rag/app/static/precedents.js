// Precedents (先例): keeps the basket while one looks elsewhere. It is in the address all the same, and works without this.
//
// sessionStorage, not localStorage: a basket ends with the tab, and on a shared machine it must.

const KEY = "rag.basket";

function keep(picks) {
  try {
    picks.length ? sessionStorage.setItem(KEY, JSON.stringify(picks)) : sessionStorage.removeItem(KEY);
  } catch {
    // storage is forbidden: the address alone has it
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

const address = new URL(location.href);
const picks = address.searchParams.getAll("pick");
if (!picks.length && kept().length) {
  kept().forEach((pick) => address.searchParams.append("pick", pick));
  location.replace(address);
} else {
  keep(picks);
}

// Whoever takes the last sentence out, or empties the basket, means it.
document.querySelectorAll("#basket a").forEach((link) => {
  link.addEventListener("click", () => {
    const to = new URL(link.href);
    if (to.pathname === address.pathname) keep(to.searchParams.getAll("pick"));
  });
});

// A tick collects at once; the button is for who has no script.
document.querySelectorAll(".result input[name=pick]").forEach((box) => {
  box.addEventListener("change", () => box.form.requestSubmit());
});
document.querySelectorAll(".collect").forEach((bar) => {
  bar.hidden = true;
});
