// What only a browser can do: the page's language for screen readers, the session cookie, links without a full reload,
// and the arrow keys. It renders nothing.

const state = (window.citynetKb ??= { ticket: "", ended: false, top: 0, listening: false });

export default function (component) {
  const { language, texts, top, ticket, ended } = component.data;
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
    document.addEventListener("click", follow);
    document.addEventListener("keydown", turn);
    new MutationObserver(showPresentSlide).observe(document.body, { childList: true, subtree: true });
    showPresentSlide(); // the strip of a page that was opened directly may be there before this script
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
  history.pushState({}, "", link.pathname + link.search);
  window.dispatchEvent(new PopStateEvent("popstate"));
  if (elsewhere || link.dataset.inside === "top") {
    toTop();
  }
}

function toTop() {
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
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

function turn(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], [role=listbox], [role=dialog]");
  if (typing || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
}
