// Notes when a page sends, hears and has drawn what was asked of it. benchmarks/browser.py puts it into every page.
(() => {
  let now = null;

  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        if (now?.sent) {
          now.heard ??= performance.now();
          now.last = performance.now();
        }
      });
    }

    send(data) {
      if (now?.begun) {
        now.sent ??= performance.now();
      }
      super.send(data);
    }
  };

  // Complete: the server says that the page's script is over, what was asked for is there, its picture too where it has one.
  function isComplete(one) {
    const state = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
    const found = document.querySelector(one.selector);
    const old = found === null || found.hasAttribute("data-old");
    const drawn = found?.tagName !== "IMG" || (found.complete && found.naturalWidth > 0);
    const asked = new URL(location.href).searchParams.get("q") === one.question;
    return Boolean(one.last) && state === "notRunning" && !old && drawn && asked;
  }

  const start = () => {
    if (now) {
      now.begun ??= performance.now();
    }
  };
  document.addEventListener("keydown", start, true);
  document.addEventListener("mousedown", start, true);

  window.kbWatch = {
    // From the next key or click on, until something new stands at the selector in answer to the question.
    begin(selector, question) {
      document.querySelectorAll(selector).forEach((one) => one.setAttribute("data-old", ""));
      now = { selector, question };
    },
    async done() {
      for (;;) {
        await new Promise((next) => setTimeout(next, 2));
        if (isComplete(now)) {
          // What stands in the page now is seen with the next frame.
          await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
          if (isComplete(now)) {
            const { begun, sent, heard, last } = now;
            return { begun, sent, heard, last, drawn: performance.now() };
          }
        }
      }
    },
  };
})();
