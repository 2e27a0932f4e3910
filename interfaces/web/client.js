// What only a browser can do: the page's language for screen readers, the session cookie, links without a full reload,
// and the arrow keys. It renders nothing.

const state = (window.citynetKb ??= { ticket: "", ended: false, top: 0, listening: false, typed: new Map() });

export default function (component) {
  const { language, texts, widgets, top, ticket, ended, asked } = component.data;
  state.asked = asked;
  state.widgets = widgets;
  document.querySelector(".st-key-kb-search")?.removeAttribute("data-other");
  document.documentElement.lang = language;
  // Streamlit's own widgets speak English; style.css puts these words in place of theirs.
  for (const [name, text] of Object.entries(texts)) {
    document.documentElement.style.setProperty(`--kb-text-${name}`, JSON.stringify(text));
  }
  if (ticket && ticket !== state.ticket) {
    post("/session", { ticket });
  }
  if (ended && !state.ended) {
    post("/session/end", {});
  }
  if (top !== state.top) {
    toTop();
  }
  state.top = top;
  state.ticket = ticket;
  state.ended = ended;
  if (!state.listening) {
    state.listening = true;
    document.addEventListener("click", hold, true);
    document.addEventListener("click", follow);
    document.addEventListener("click", copy);
    document.addEventListener("click", pick);
    document.addEventListener("click", unmark);
    window.addEventListener("storage", showPicked); // another tab of the same browser
    window.addEventListener("popstate", comeBack);
    for (const moving of ["wheel", "pointerdown", "keydown"]) {
      document.addEventListener(moving, stay, { passive: true });
    }
    document.addEventListener("input", compare);
    document.addEventListener("input", note);
    document.addEventListener("keydown", turn);
    new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
    settle(); // a page that was opened directly may be there before this script
  }
}

function post(path, body) {
  fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

// Whoever types a comment and presses a button without leaving the field first means the list with the comment: what is
// named by data-settled waits until the page has taken what was typed, and then acts as it stands there. It does not wait
// for ever.
const LONGEST_WAIT = 10000;

function hold(event) {
  const name = event.target.closest?.("[data-settled]")?.dataset.settled;
  if (name && !state.released && !isSettled()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    release(name, Date.now() + LONGEST_WAIT);
  }
}

function release(name, latest) {
  setTimeout(() => {
    if (!isSettled() && Date.now() < latest) {
      release(name, latest);
      return;
    }
    state.released = true;
    document.querySelector(`[data-settled="${CSS.escape(name)}"]`)?.click();
    state.released = false;
  }, 60);
}

function isSettled() {
  return state.typed.size === 0 && isAtRest();
}

function isAtRest() {
  return document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
}

// A link marked data-inside changes the page as the browser's own back and forward do, which Streamlit listens to.
// With a key held down, or without this script, it is an ordinary link.
function follow(event) {
  if (event.target.closest?.("a[data-print]")) {
    event.preventDefault();
    window.print();
    return;
  }
  const link = event.target.closest?.("a[data-inside]");
  const special = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || special || event.defaultPrevented || link.origin !== location.origin) {
    return;
  }
  event.preventDefault();
  const elsewhere = link.pathname !== location.pathname;
  history.replaceState({ ...history.state, [PLACE]: main()?.scrollTop }, "");
  history.pushState({}, "", link.pathname + link.search);
  window.dispatchEvent(new PopStateEvent("popstate"));
  if (elsewhere || link.dataset.inside === "top") {
    toTop();
  }
}

function toTop() {
  main()?.scrollTo(0, 0);
}

function main() {
  return document.querySelector('[data-testid="stMain"]');
}

// The browser's own back leads to where one was on the page, once the page is there again: Streamlit begins to run it a
// moment after the step back.
const PLACE = "citynetPlace";
const BEGINNING = 300;

function comeBack(event) {
  stay();
  const place = event.isTrusted ? (event.state?.[PLACE] ?? 0) : 0;
  if (place) {
    state.coming = setTimeout(scrollTo, BEGINNING, place, Date.now() + LONGEST_WAIT);
  }
}

// Whoever has gone on meanwhile, or moves the page themselves, is not led anywhere.
function stay() {
  clearTimeout(state.coming);
}

function scrollTo(place, latest) {
  if (isAtRest() && main().scrollHeight >= place + main().clientHeight) {
    main().scrollTo(0, place);
  } else if (Date.now() < latest) {
    state.coming = setTimeout(scrollTo, 60, place, latest);
  }
}

function settle() {
  translate();
  showPresentSlide();
  keepOwnList();
  showPicked();
}

// What Streamlit's own widgets say in English is put into the page's language as they appear: what they show, and what they
// tell a screen reader. What it was is kept beside it, for a change of the language.
const SHOWN = '[role="listbox"] [data-key="__select_all__"] [data-item-hl], [role="listbox"][data-empty] [role="option"] span';
const TOLD = 'button[aria-label], [data-testid="stMultiSelect"] span[aria-label]';

function translate() {
  for (const element of document.querySelectorAll(SHOWN)) {
    const said = inOurWords(element, element.textContent);
    if (said && element.firstChild.nodeValue !== said) {
      element.firstChild.nodeValue = said; // the text alone: the element stays Streamlit's
    }
  }
  for (const element of document.querySelectorAll(TOLD)) {
    const label = element.getAttribute("aria-label");
    const said = inOurWords(element, label);
    if (said && label !== said) {
      element.setAttribute("aria-label", said);
    }
  }
}

function inOurWords(element, said) {
  const removing = said.startsWith("Remove ") && element.closest('[data-testid="stMultiSelect"]');
  const english = said in state.widgets || removing ? said : element.dataset.english;
  if (!english) {
    return "";
  }
  element.dataset.english = english;
  return state.widgets[english] ?? state.widgets["Remove {name}"].replace("{name}", () => english.slice("Remove ".length));
}

// The reader's shortlist lies in this browser alone, as the parameters of its page's address.
const LIST = "citynet-shortlist";

function kept() {
  try {
    return new URLSearchParams(localStorage.getItem(LIST) ?? "");
  } catch {
    return new URLSearchParams(); // a browser that keeps nothing
  }
}

function keep(list) {
  try {
    localStorage.setItem(LIST, list.toString());
  } catch {
    // nothing can be kept; the address of the list still holds it
  }
}

function pick(event) {
  const item = event.target.closest?.("button[data-pick]")?.dataset.pick;
  if (!item) {
    return;
  }
  const list = kept();
  const others = list.getAll("item").filter((other) => other !== item);
  const on = others.length === list.getAll("item").length;
  list.delete("item");
  for (const one of on ? [...others, item] : others) {
    list.append("item", one);
  }
  keep(list);
  showPicked();
}

// The button that names the marks in a picture also hides them; style.css does the rest.
function unmark(event) {
  const button = event.target.closest?.("button[data-marks]");
  button?.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
}

// The page of one's own list says how it stands after each change.
function keepOwnList() {
  const own = document.querySelector("[data-own-list]")?.dataset.ownList;
  if (own === undefined) {
    state.typed.clear();
  } else if (own !== state.own) {
    keep(withTyped(new URLSearchParams(own)));
  }
  state.own = own;
  const link = document.querySelector("[data-no-list]") && document.querySelector("a[data-shortlist]");
  if (link && kept().has("item")) {
    document.querySelector("[data-no-list]").removeAttribute("data-no-list");
    history.replaceState({}, "", `${link.dataset.shortlist}&own=1&${kept()}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }
}

// What is typed on one's own list is kept with every key, by the item's name or "title", until the page says it too: whoever
// leaves in the same moment, before the page has heard of it, loses nothing.
function note(event) {
  const own = document.querySelector("[data-own-list]")?.dataset.ownList;
  const name = own === undefined ? "" : noted(event.target);
  if (name) {
    state.typed.set(name, event.target.value.trim().replace(/\s+/g, " "));
    keep(withTyped(new URLSearchParams(own)));
  }
}

function noted(input) {
  if (input.closest?.(".st-key-shortlist_title")) {
    return "title";
  }
  const [, kind, deck, number] =
    input.closest?.('[class*="st-key-comment_"]')?.className.match(/st-key-comment_(slide|practice)_(\w+)-(\d+)/) ?? [];
  return kind && deck + (kind === "slide" ? "." : "-") + number;
}

// The list with what is typed; what it says already, or has no item for any more, is no longer waited for.
function withTyped(list) {
  const others = list.getAll("note");
  for (const [name, text] of state.typed) {
    const before = name === "title" ? (list.get(name) ?? "") : said(others, name);
    if (before === text || (name !== "title" && !list.getAll("item").includes(name))) {
      state.typed.delete(name);
    } else if (name === "title") {
      list.set(name, text);
    } else {
      list.delete("note");
      others.splice(0, others.length, ...others.filter((one) => !one.startsWith(`${name}:`)), `${name}:${text}`);
      others.forEach((one) => list.append("note", one));
    }
  }
  return list;
}

function said(notes, name) {
  return notes.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1) ?? "";
}

function showPicked() {
  const list = kept();
  const items = list.getAll("item");
  for (const button of document.querySelectorAll("button[data-pick]")) {
    const on = items.includes(button.dataset.pick);
    write(button, on ? button.dataset.done : button.dataset.label);
    if (button.getAttribute("aria-pressed") !== String(on)) {
      button.setAttribute("aria-pressed", String(on));
    }
  }
  for (const link of document.querySelectorAll("a[data-shortlist]")) {
    const to = items.length ? `${link.dataset.shortlist}&own=1&${list}` : link.dataset.shortlist;
    if (link.getAttribute("href") !== to) {
      link.setAttribute("href", to);
    }
    write(link.querySelector("[data-picked]"), items.length ? String(items.length) : "");
  }
}

// Only what differs is written, or the observer would call itself for ever.
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// A new strip of slides begins with the one that is shown.
function showPresentSlide() {
  const strip = document.querySelector(".kb-strip:not([data-placed])");
  const frame = strip?.querySelector("[aria-current]");
  if (frame) {
    strip.dataset.placed = "";
    strip.scrollLeft = frame.offsetLeft - strip.offsetLeft - (strip.clientWidth - frame.clientWidth) / 2;
  }
}

async function copy(event) {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) {
    return;
  }
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without https there is no clipboard to write to; then the text is selected, ready to be copied by hand.
    getSelection().selectAllChildren(button.parentElement.querySelector("span:last-child"));
    return;
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = label), 2000);
}

// While the box holds another question than the list below answers, the list says so.
function compare(event) {
  const box = event.target.closest?.(".st-key-kb-search");
  if (box) {
    box.toggleAttribute("data-other", event.target.value.trim() !== state.asked);
  }
}

function turn(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], [role=listbox], [role=dialog]");
  if (typing || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
}
