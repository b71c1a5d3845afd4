// The line to the bureau: opened again whenever it drops, never twice, closed for good when told.
const OVER = 4000; // web/calls/line.py
const REPLACED = 4001;
const REFUSED = 4002;
const PAUSES_MS = [300, 1000, 2000, 4000]; // with a bit by lot: fifty pages do not come back at once
const BEAT_MS = 5000;

export class Line {
  // `heard` is called with each message; `changed` with "open", "lost", "over" or "elsewhere".
  constructor(address, key, { heard, changed }) {
    this.address = address;
    this.key = key;
    this.heard = heard;
    this.changed = changed;
    this.before = null; // the connection that we had: by it the bureau knows us again
    this.after = 0;
    this.tries = 0;
    this.ended = false;
    // Before the page is asked for anew: the bureau would take this window for another one.
    addEventListener("beforeunload", () => this.socket.close());
    this.open();
  }

  open() {
    this.socket = new WebSocket(this.address);
    this.socket.addEventListener("open", () => {
      this.say({ type: "hello", before: this.before, after: this.after, key: this.key });
    });
    this.socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    this.socket.addEventListener("close", (event) => this.closed(event.code));
  }

  take(message) {
    if (message.type === "welcome") {
      this.tries = 0;
      this.before = message.connection;
      this.after = message.after;
      clearInterval(this.beating);
      this.beating = setInterval(() => this.say({ type: "beat" }), BEAT_MS);
      this.changed("open");
    }
    if (message.id) this.after = message.id;
    if (message.type === "over") this.end("over");
    if (message.type === "not_in") this.end("elsewhere");
    if (message.type === "wait") {
      this.pause = Math.max(1000, message.seconds * 1000);
      this.changed("lost");
    }
    this.heard(message);
  }

  closed(code) {
    clearInterval(this.beating);
    if (this.ended) return;
    if (code === REPLACED) {
      this.end("elsewhere");
      return;
    }
    if (code === OVER) this.changed("stopped");
    if (code !== REFUSED) this.changed("lost");
    const usual = PAUSES_MS[Math.min(this.tries, PAUSES_MS.length - 1)];
    const pause = this.pause ?? usual * (0.5 + Math.random());
    this.pause = null;
    this.tries += 1;
    this.waiting = setTimeout(() => this.open(), pause);
  }

  say(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  end(how) {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.beating);
    clearTimeout(this.waiting);
    this.changed(how);
    this.socket.close();
  }
}
