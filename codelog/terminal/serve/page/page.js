// What textual.js, which draws the terminal, leaves to the page: where its websocket is, that every key reaches it,
// that a lost connection is seen, and what is said when it is over.
"use strict";

const ASK_EVERY_MS = 3000;
const UNANSWERED = 3;
const LOST =
  "The connection to codelog is gone. What was shown as saved is saved, and the case can be gone on with.";
const ENDED = "codelog has ended.";

// The token is in a cookie by now; it has no business in the address bar.
history.replaceState(null, "", location.pathname);

const address = new URL("ws", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
document.getElementById("terminal").dataset.sessionWebsocketUrl = address.href;

const keyboard = () => document.querySelector(".xterm-helper-textarea");
let over = false;

function end(sentence) {
  if (over) return;
  over = true;
  document.getElementById("words").textContent = sentence;
  document.body.classList.add("-over");
  const again = document.getElementById("again");
  again.hidden = false;
  again.onclick = () => location.reload();
  again.focus();
}

// textual.js makes the connection and keeps it to itself.
window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    let unanswered = 0;
    const asking = setInterval(() => {
      if (this.readyState !== WebSocket.OPEN) return;
      if (unanswered >= UNANSWERED) {
        end(LOST);
        this.close();
        return;
      }
      unanswered += 1;
      this.send('["alive"]');
    }, ASK_EVERY_MS);
    this.addEventListener("open", () => keyboard().focus());
    this.addEventListener("message", (event) => {
      unanswered = 0;
      if (typeof event.data !== "string") return;
      const [what, sentence] = JSON.parse(event.data);
      if (what === "ended") end(sentence || ENDED);
    });
    this.addEventListener("close", () => {
      clearInterval(asking);
      end(LOST);
    });
  }
};

// The terminal has every key. xterm.js keeps the browser from acting on those it gets (F5 is an answer to a flag, not
// "reload"), so a key that went elsewhere is brought to it.
window.addEventListener(
  "keydown",
  (event) => {
    if (over || event.target === keyboard() || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (keyboard() === null) return;
    keyboard().focus();
    keyboard().dispatchEvent(new KeyboardEvent("keydown", event));
  },
  true,
);
window.addEventListener("focus", () => !over && keyboard()?.focus());

// The size of a cell is measured once, so the font has to be there.
const begin = window.onload;
window.onload = () => document.fonts.load("16px 'Roboto Mono'").then(begin, begin);
