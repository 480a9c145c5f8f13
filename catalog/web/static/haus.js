/* What scripts add to pages that already work without them. */

const body = document.body;
const root = document.documentElement;

/* ---------- messages ---------- */

const CONFIRMATION_MS = 4000;

/** Show a message in the corner; confirmations go by themselves, failures stay. */
export function toast(text, tone = "bad") {
  const box = document.createElement("div");
  box.className = `v-alert v-${tone}`;
  const line = document.createElement("div");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "v-plain";
  close.textContent = "×";
  close.setAttribute("aria-label", body.dataset.tClose);
  close.addEventListener("click", () => box.remove());
  box.append(line, close);
  document.getElementById("toasts").replaceChildren(box);
  if (tone === "ok") setTimeout(() => box.remove(), CONFIRMATION_MS);
}

/* ---------- htmx ---------- */

// Lists that follow each change of their filter need no button for it, as long as htmx is there.
root.classList.toggle("v-scripted", "htmx" in window);

/** Find the sentence of one of our error pages; other answers have none. */
function reasonOf(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  return page.querySelector("main .v-prose p")?.textContent.trim();
}

body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});
body.addEventListener("htmx:responseError", (event) => {
  // A sign-in that has ended answers with 401: the page itself knows the way.
  if (event.detail.xhr.status === 401) location.reload();
  else toast(reasonOf(event.detail.xhr.responseText) ?? `${body.dataset.tFailed} (${event.detail.xhr.status})`);
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  body.addEventListener(name, () => toast(body.dataset.tOffline));
}
// htmx gives the focus back to an element with the same id; this is for those that went away.
let focusedBefore = "";
body.addEventListener("htmx:beforeSwap", () => { focusedBefore = document.activeElement?.id ?? ""; });
body.addEventListener("htmx:afterSettle", (event) => {
  enhance(event.detail.elt);
  if (focusedBefore && document.activeElement === body) {
    (document.getElementById(focusedBefore) ?? document.getElementById("main")).focus({ preventScroll: true });
  }
});

/* ---------- appearance ---------- */

document.querySelector("[data-preferences]")?.addEventListener("submit", async (event) => {
  const { name, value } = event.submitter;
  event.preventDefault();
  const form = new FormData(event.target, event.submitter);
  if (name === "theme" && value === "auto") delete root.dataset.theme;
  else root.dataset[name] = value;
  for (const button of event.target.querySelectorAll(`[name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  const answer = await fetch(event.target.action, { method: "POST", body: form, redirect: "manual" }).catch(() => null);
  if (!answer) toast(body.dataset.tOffline);
});

/* ---------- menus: one open at a time, closed by Escape or a click elsewhere ---------- */

const menus = "details.v-pop[open], details.v-menu[open]";
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(menus)) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
});

/* ---------- shortcuts, which can be switched off (WCAG 2.1.4) ---------- */

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (root.dataset.shortcuts === "off" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("search") ?? document.getElementById("filter-q");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

/* ---------- the head of a table that fits stays in sight while the page scrolls ---------- */

const fits = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.classList.remove("v-fits");
    target.classList.toggle("v-fits", target.scrollWidth <= target.clientWidth);
  }
});

/* ---------- buttons that need scripts are hidden until here ---------- */

function enhance(part) {
  for (const button of part.querySelectorAll("[data-copy], [data-dialog]")) button.hidden = false;
  for (const box of part.querySelectorAll(".v-scroll")) fits.observe(box);
  part.querySelector("[data-focus]")?.focus();
}
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    toast(copy.dataset.done, "ok");
  }
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
});
enhance(document);

// On narrow screens the filter would push the list out of sight.
if (matchMedia("(max-width: 73.99rem)").matches) {
  for (const fold of document.querySelectorAll("[data-fold]")) fold.open = false;
}
