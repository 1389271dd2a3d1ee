// The hangat chat widget: one file, no framework, in a shadow tree of its own.
//   <script src="https://chat.shop.example/widget.js" async></script>
// Nothing is ever parsed as HTML: text from anybody goes in as text.
(() => {
"use strict";
const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const early = Array.isArray(window.hangat) ? window.hangat : [];
if (window.hangat && !Array.isArray(window.hangat)) return; // loaded twice
const data = script ? script.dataset : {};
const server = (data.server || (script ? new URL(script.src).origin : location.origin)).replace(/\/$/, "");

const WORDS = {
  id: {
    open: "Buka obrolan", close: "Tutup obrolan", title: "Tanya toko", hint: "Tulis pesan…", send: "Kirim",
    person: "Bicara dengan orang", ask: "Mau bicara dengan orang, ya.", you: "Kamu", bot: "bot", human: "orang",
    typing: "{n} sedang mengetik", offline: "Sambungan terputus. Pesanmu kusimpan dan kukirim begitu tersambung.",
    waiting: "Kamu nomor {n} di antrean", wait: "{w}, kira-kira {m} menit lagi", soon: "Kamu di antrean; orang kami segera datang",
    held: "{n} bersamamu sekarang", joined: "{n} bergabung", left: "{n} pamit", failed: "Belum terkirim.", retry: "Kirim ulang",
    long: "Pesannya kepanjangan; bagi jadi dua, ya.", rate: "Gimana bantuannya tadi?", star: "{n} dari 5", words: "Mau cerita sedikit? (boleh dilewati)",
    thanks: "Makasih, masukanmu kami baca.", sponsor: "Sponsor: {n}", unread: "{n} pesan baru", answers: "Pilihan jawaban", log: "Isi obrolan", look: "Lihat",
  },
  en: {
    open: "Open chat", close: "Close chat", title: "Ask the shop", hint: "Write a message…", send: "Send",
    person: "Talk to a person", ask: "I want to talk to a person, please.", you: "You", bot: "bot", human: "person",
    typing: "{n} is typing", offline: "Connection lost. Your message is kept and goes out once we are back.",
    waiting: "You are number {n} in line", wait: "{w}, about {m} minutes", soon: "You are in line; somebody comes soon",
    held: "{n} is with you now", joined: "{n} joined", left: "{n} left", failed: "Not sent yet.", retry: "Send again",
    long: "That is too long for one message; please split it.", rate: "How was the help?", star: "{n} of 5", words: "Tell us more? (optional)",
    thanks: "Thank you, we read every word.", sponsor: "Sponsored by {n}", unread: "{n} new messages", answers: "Suggested answers", log: "Conversation", look: "See it",
  },
};

const CSS = `
:host{all:initial;position:fixed;z-index:2147483000;inset:auto 16px 16px auto;inset-block-end:max(16px,env(safe-area-inset-bottom));
--c:var(--hangat-color,#0b7355);--on:var(--hangat-on-color,#fff);--bg:var(--hangat-background,#fff);--fg:var(--hangat-text,#1b1f23);
--soft:var(--hangat-bubble,#eef1f0);--dim:var(--hangat-dim,#57606a);--line:#8b949e;--r:var(--hangat-radius,16px);
font:15px/1.45 var(--hangat-font,system-ui,sans-serif);color:var(--fg);color-scheme:light}
:host([data-position=left]){inset:auto auto 16px 16px}
:host([data-theme=dark]){--bg:var(--hangat-background,#16191d);--fg:var(--hangat-text,#eceff1);--soft:var(--hangat-bubble,#2a3036);--dim:var(--hangat-dim,#adb5bd);color-scheme:dark}
[hidden],:host([hidden]){display:none!important}*{box-sizing:border-box}
button,textarea,input{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;min-width:44px;min-height:44px;border-radius:22px}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
.h :focus-visible{outline-color:currentColor;outline-offset:-4px}
.go{position:relative;width:60px;height:60px;border-radius:30px;background:var(--c);color:var(--on);box-shadow:0 4px 16px #0005}
.go svg{width:28px;height:28px;fill:currentColor}
.n{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px;text-align:center}
.p{display:flex;flex-direction:column;width:min(380px,calc(100vw - 32px));height:min(600px,calc(100dvh - 32px));background:var(--bg);border-radius:var(--r);box-shadow:0 8px 32px #0006;overflow:hidden}
.h{display:flex;align-items:center;gap:4px;padding-inline:16px 4px;background:var(--c);color:var(--on)}
h2{flex:1;margin:12px 0;font-size:16px;font-weight:600}
.h button{padding:0 10px;font-size:14px}.x{font-size:20px}
.l{flex:1;display:flex;flex-direction:column;overflow-y:auto;padding:12px;overscroll-behavior:contain}
.s{padding:6px 14px;font-size:14px;background:var(--soft)}.s:empty{display:none}
.w{margin:10px 0 2px;font-size:13px;color:var(--dim)}
.m{width:fit-content;max-width:85%;margin:4px 0;padding:8px 12px;border-radius:14px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.l>*{flex:none}.m{align-self:flex-start}.me{align-self:flex-end;background:var(--c);color:var(--on)}
.wait{background:none;color:var(--fg);outline:1.5px dashed var(--line)}
.e{margin:10px 0;font-size:14px;color:var(--dim);text-align:center}
.f{text-align:end;font-size:14px}.f button,.q button,.card a{color:inherit;border:1.5px solid var(--line);padding:0 14px}
.q{display:flex;flex-wrap:wrap;gap:6px;padding:4px 12px 8px}.q:empty{display:none}
.card{max-width:85%;margin:6px 0;padding:10px 12px;border:1px solid var(--line);border-radius:14px}
.card b{display:block}.card small{display:block;color:var(--dim)}.card a{display:inline-flex;align-items:center;min-height:44px;margin-top:6px;border-radius:22px;text-decoration:none}
.d i{display:inline-block;width:7px;height:7px;margin-inline-end:4px;border-radius:4px;background:var(--dim)}
form{display:flex;gap:6px;align-items:end;padding:8px;border-block-start:1px solid var(--line)}
textarea,input{flex:1;min-width:0;min-height:44px;max-height:120px;padding:9px 12px;font-size:16px;border:1px solid var(--line);border-radius:14px;background:var(--bg);resize:none}
textarea::placeholder,input::placeholder{color:var(--dim);opacity:1}
form button{background:var(--c);color:var(--on);padding:0 14px}
.rate{padding:8px 12px;border-block-start:1px solid var(--line)}.rate p{margin:0 0 4px}.rate form{padding:4px 0 0;border:0}
.rate button[aria-pressed=true]{background:var(--c);color:var(--on)}.stars button{font-size:20px;border:1.5px solid var(--line);margin-inline-end:4px}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(max-width:480px){:host([data-open]){inset:0}.p{width:100vw;height:100dvh;border-radius:0}}
@media(prefers-reduced-motion:no-preference){.p{animation:up .18s}@keyframes up{from{transform:translateY(12px);opacity:0}}
.d i{animation:dot 1.2s infinite}.d i:nth-child(2){animation-delay:.15s}.d i:nth-child(3){animation-delay:.3s}@keyframes dot{30%{transform:translateY(-4px)}}}
`;

// What outlives the page: the token, the outbox, the last seq seen and shown.
const KEY = "hangat:" + server;
const store = {
  read() { try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; } },
  write(change) { try { localStorage.setItem(KEY, JSON.stringify({ ...this.read(), ...change })); } catch { /* private mode: this page only */ } },
  clear() { try { localStorage.removeItem(KEY); } catch { /* as above */ } },
};

let saved = store.read();
let lang = data.lang || document.documentElement.lang || navigator.language || "id";
let t, user = {}, attributes = {};
let seq = 0, unread = 0, shown = new Map(), outbox = saved.outbox || [], handoff = null;
const listeners = new Map();

const make = (tag, attrs = {}, ...kids) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) {
    if (typeof v === "function") e.addEventListener(k, v);
    else if (v != null) e.setAttribute(k, v);
  }
  e.append(...kids.filter(k => k != null));
  return e;
};
const say = (text, values) => text.replace(/\{(\w)\}/g, (_, k) => values[k]);
const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, "0")).join("");
const bytes = text => new TextEncoder().encode(text).length;

// ---- the page's side: events and calls
function emit(name, detail) {
  for (const f of listeners.get(name) || []) {
    try { f(detail); } catch (e) { console.error(e); }
  }
  window.dispatchEvent(new CustomEvent("hangat:" + name, { detail }));
}

// ---- what is on the screen
const host = document.createElement("hangat-chat");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
root.adoptedStyleSheets = [sheet];

const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
svg.setAttribute("viewBox", "0 0 24 24");
svg.setAttribute("aria-hidden", "true");
const path = document.createElementNS(svg.namespaceURI, "path");
path.setAttribute("d", "M12 3C6.5 3 2 6.8 2 11.5c0 2.4 1.2 4.6 3.1 6.1L4 22l4.9-2.2c1 .2 2 .4 3.1.4 5.5 0 10-3.9 10-8.7S17.5 3 12 3z");
svg.append(path);

const badge = make("span", { class: "n", hidden: "" });
const launcher = make("button", { class: "go", type: "button", "aria-expanded": "false", click: () => open() }, svg, badge);
const title = make("h2");
const person = make("button", { type: "button", click: () => { send(t.ask); box.focus(); } });
const shut = make("button", { type: "button", class: "x", click: () => close() }, "✕");
const log = make("div", { class: "l", role: "log", tabindex: "0" });
const status = make("div", { class: "s", role: "status" });
const quick = make("div", { class: "q", role: "group" });
const rating = make("div", { class: "rate", hidden: "" });
const box = make("textarea", {
  rows: "1", maxlength: "4000",
  keydown: e => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); submit(); } },
  input: () => { grow(); typing(); },
});
const button = make("button", { type: "submit" }, "➤");
const form = make("form", { submit: e => { e.preventDefault(); submit(); } }, box, button);
const panel = make("section", { class: "p", role: "dialog", hidden: "", keydown: e => { if (e.key === "Escape") { e.stopPropagation(); close(); } } },
  make("div", { class: "h" }, title, person, shut), status, log, quick, rating, form);
root.append(panel, launcher);
const dots = make("div", { class: "m d", hidden: "" }, make("i"), make("i"), make("i"));
log.append(dots);

function setWords() {
  const [tag] = lang.toLowerCase().split("-");
  t = WORDS[tag === "in" ? "id" : tag] || WORDS.en;
  host.lang = t === WORDS.id ? "id" : "en";
  host.dir = getComputedStyle(document.documentElement).direction;
  title.textContent = data.title || t.title;
  panel.setAttribute("aria-label", data.title || t.title);
  log.setAttribute("aria-label", t.log);
  quick.setAttribute("aria-label", t.answers);
  person.textContent = t.person;
  for (const [e, words] of [[shut, t.close], [box, t.hint], [button, t.send]]) e.setAttribute("aria-label", words);
  box.placeholder = t.hint;
  drawBadge();
  drawStatus();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
function setTheme() {
  const want = data.theme || "auto";
  host.dataset.theme = want === "auto" ? (dark.matches ? "dark" : "light") : want;
}
dark.addEventListener("change", setTheme);

function drawBadge() {
  badge.hidden = unread === 0;
  badge.textContent = unread > 99 ? "99+" : unread;
  launcher.setAttribute("aria-label", t.open + (unread ? `, ${say(t.unread, { n: unread })}` : ""));
}

function drawStatus() {
  let words = "";
  if (writing) words = say(t.typing, { n: writing });
  else if (!link.up && (outbox.length || seq) && link.tried) words = t.offline;
  else if (handoff && handoff.state === "waiting") {
    words = handoff.position ? say(t.waiting, { n: handoff.position }) : t.soon;
    if (handoff.wait_s) { // what half of the waits lie between, when that is more than a minute
      const [low, mid, high] = ["wait_low_s", "wait_s", "wait_high_s"].map(k => Math.max(1, Math.round((handoff[k] || handoff.wait_s) / 60)));
      words = say(t.wait, { w: words, m: high - low > 1 ? `${low}–${high}` : mid });
    }
  } else if (handoff && handoff.state === "held" && handoff.name) words = say(t.held, { n: handoff.name });
  if (status.textContent !== words) status.textContent = words;
}

function grow() {
  box.style.setProperty("height", "auto");
  box.style.setProperty("height", Math.min(120, box.scrollHeight + 2) + "px");
}

function add(...parts) {
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const p of parts) log.insertBefore(p, dots);
  if (low || panel.hidden) log.scrollTop = log.scrollHeight;
}
const note = text => add(make("p", { class: "e", dir: "auto" }, text));

function link_of(url) {
  try {
    const u = new URL(url, location.href);
    return /^https?:$/.test(u.protocol) ? u.href : null;
  } catch { return null; }
}

function card(c) {
  const href = c.url && link_of(c.url);
  return make("div", { class: "card" },
    c.sponsor ? make("small", {}, say(t.sponsor, { n: c.sponsor })) : null,
    make("b", {}, c.title || ""), c.text || null, c.price ? make("div", {}, c.price) : null,
    href ? make("a", { href, target: "_blank", rel: "noopener noreferrer" }, t.look) : null);
}

let lastFrom = "";
function who(from) {
  const kind = from.kind === "human" ? t.human : t.bot;
  const label = `${from.name || ""} · ${kind}`;
  if (label !== lastFrom) add(make("div", { class: "w" }, label));
  lastFrom = label;
}

function drawMine(m, sent) {
  lastFrom = "";
  const e = make("div", { class: "m me" + (sent ? "" : " wait"), dir: "auto" }, make("span", { class: "v" }, t.you + ": "), m.text);
  if (m.id) shown.set(m.id, e);
  add(e);
}

// Said and stored: it is no longer ours to keep.
function confirm(id) {
  if (!id) return;
  const e = shown.get(id);
  if (e) {
    e.classList.remove("wait");
    if (e.nextElementSibling && e.nextElementSibling.matches(".f")) e.nextElementSibling.remove();
  }
  const n = outbox.length;
  outbox = outbox.filter(m => m.id !== id);
  if (n !== outbox.length) store.write({ outbox });
}

function fail(id, words) {
  const e = shown.get(id);
  if (!e || (e.nextElementSibling && e.nextElementSibling.matches(".f"))) return;
  e.after(make("div", { class: "f" }, words || t.failed, " ",
    words ? null : make("button", { type: "button", click: () => { e.nextElementSibling.remove(); push(id); } }, t.retry)));
}

function drawQuick(list) {
  quick.replaceChildren(...(list || []).slice(0, 8).map(q =>
    make("button", { type: "button", dir: "auto", click: () => { send(q.text || q.title); box.focus(); } }, q.title || q.text)));
}

// Replies come at a human pace, one after the other; the order is kept.
let queue = Promise.resolve();
const later = ms => new Promise(done => setTimeout(done, document.hidden || panel.hidden ? 0 : ms));
function pace(m, live) {
  queue = queue.then(async () => {
    const parts = m.bubbles && m.bubbles.length ? m.bubbles : [m.text];
    for (let i = 0; i < parts.length; i++) {
      if (live && m.from.kind === "bot") {
        dots.hidden = false;
        log.scrollTop = log.scrollHeight;
        await later(i === 0 ? Math.min(3000, m.pace_ms || 0) : Math.min(1500, 300 + parts[i].length * 8));
        dots.hidden = true;
      }
      who(m.from);
      add(make("div", { class: "m", dir: "auto" }, parts[i]));
    }
    add(...(m.cards || []).map(card));
    drawQuick(m.quick_replies);
    if (m.ask_rating) askRating();
  }).catch(console.error);
}

function askRating() {
  let chosen = 0;
  const words = make("input", { type: "text", maxlength: "500", "aria-label": t.words, placeholder: t.words });
  const more = make("form", { hidden: "", submit: e => {
    e.preventDefault();
    post({ type: "feedback", rating: chosen, text: words.value.trim() });
    rating.hidden = true;
    rating.replaceChildren();
    note(t.thanks);
    box.focus();
  } }, words, make("button", { type: "submit" }, t.send));
  const stars = [1, 2, 3, 4, 5].map(n => make("button", { type: "button", "aria-pressed": "false", "aria-label": say(t.star, { n }), click: () => {
    chosen = n;
    stars.forEach((b, i) => b.setAttribute("aria-pressed", String(i < n)));
    more.hidden = false;
    words.focus();
  } }, "★"));
  rating.replaceChildren(make("p", {}, t.rate), make("div", { class: "stars", role: "group", "aria-label": t.rate }, ...stars), more);
  rating.hidden = false;
}

function open() {
  if (!panel.hidden) return;
  panel.hidden = false;
  launcher.hidden = true;
  host.dataset.open = "";
  panel.toggleAttribute("aria-modal", false);
  if (matchMedia("(max-width:480px)").matches) panel.setAttribute("aria-modal", "true");
  launcher.setAttribute("aria-expanded", "true");
  unread = 0;
  drawBadge();
  store.write({ seen: seq, open: true });
  link.start();
  log.scrollTop = log.scrollHeight;
  box.focus();
  emit("unread", 0);
  emit("open");
}

function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  launcher.hidden = "hideLauncher" in data;
  delete host.dataset.open;
  launcher.setAttribute("aria-expanded", "false");
  launcher.focus();
  store.write({ seen: seq, open: false });
  emit("close");
}

// ---- what is said
function submit() {
  const text = box.value.trim();
  if (!text) return;
  if (bytes(text) > 4096) {
    note(t.long);
    return;
  }
  box.value = "";
  grow();
  send(text);
}

function send(text) {
  text = String(text).trim();
  if (!text) return;
  const m = { type: "message", id: newId(), text };
  outbox.push(m);
  store.write({ outbox });
  drawMine(m, false);
  drawQuick([]);
  log.scrollTop = log.scrollHeight;
  link.start();
  push(m.id);
}

function push(id) {
  const m = outbox.find(x => x.id === id);
  if (m) link.send(m);
}

let typed = 0;
function typing() {
  if (!handoff || handoff.state !== "held" || Date.now() - typed < 3000) return;
  typed = Date.now();
  link.send({ type: "typing" });
}
const post = m => link.send(m);

// ---- what comes
let typingEnd, writing = "";
function stopWriting() {
  writing = "";
  dots.hidden = true;
  drawStatus();
}

const take = {
  welcome(m) {
    const fresh = !!m.resume;
    if (fresh) {
      seq = 0;
      store.write({ token: m.resume, who: String(user.id || ""), seq: 0, seen: 0 });
      saved = store.read();
    }
    if (m.disclosure) store.write({ told: m.disclosure }); // a poll is not greeted
    if (!root.querySelector(".hello")) {
      const p = make("p", { class: "e hello", dir: "auto" }, m.disclosure || store.read().told);
      log.prepend(p);
    }
    for (const o of outbox) link.send(o);
    if (Object.keys(attributes).length) link.send({ type: "attributes", attributes });
  },
  message(m, live, missed) {
    if (m.from.kind === "customer") {
      if (m.id && shown.has(m.id)) confirm(m.id);
      else drawMine(m, true);
      return;
    }
    confirm(m.re);
    stopWriting();
    pace(m, live);
    if ((live || missed) && panel.hidden) {
      unread++;
      drawBadge();
      emit("unread", unread);
    }
    emit("message", m);
  },
  ack(m) { confirm(m.re); },
  handoff(m) {
    handoff = { ...m, name: handoff && handoff.name };
    if (m.state === "resolved" && m.live) askRating();
    emit("handoff", m);
  },
  joined(m) {
    handoff = { state: "held", name: m.from.name };
    queue = queue.then(() => { lastFrom = ""; note(say(t.joined, { n: m.from.name })); });
  },
  left(m) { queue = queue.then(() => { lastFrom = ""; note(say(t.left, { n: m.from.name })); }); },
  typing(m) {
    if (m.from.kind === "customer") return;
    dots.hidden = false;
    log.scrollTop = log.scrollHeight;
    writing = m.from.name || t.human;
    clearTimeout(typingEnd);
    typingEnd = setTimeout(stopWriting, 6000);
  },
  error(m) {
    if (m.code === "bad_token" || m.code === "closed") {
      restart();
    } else if (!link.up && !m.re) { // a hello was refused; it is tried again
      link.lost();
    } else if (m.re && m.retry_ms) {
      setTimeout(() => push(m.re), m.retry_ms * (1 + Math.random()));
    } else if (m.re) {
      outbox = outbox.filter(x => x.id !== m.re);
      store.write({ outbox });
      fail(m.re, m.code === "too_long" ? t.long : m.message);
    }
  },
};

function receive(m) {
  if (!m || !take[m.type]) return;
  if (m.seq && m.type !== "welcome" && m.type !== "ack") {
    if (m.seq <= seq) return; // seen before
    seq = m.seq;
    store.write(panel.hidden ? { seq } : { seq, seen: seq });
  }
  const live = m.seq > (link.replayed || 0);
  m.live = live;
  take[m.type](m, live, m.seq > (saved.seen || 0));
  drawStatus();
}

// The conversation is gone, here or there: begin anew, keeping what is unsent.
function restart() {
  if (!saved.token) user = { name: user.name }; // then the signature was wrong
  store.write({ token: undefined, who: undefined, seq: 0, seen: 0 });
  saved = store.read();
  seq = 0;
  handoff = null;
  link.lost();
}

// What is kept here may be another customer's: who signed in before on this device.
const isMine = () => !saved.who || saved.who === String(user.id || "");
function forget() {
  link.drop();
  store.clear();
  saved = {};
  outbox = [];
  seq = unread = 0;
  handoff = null;
  shown = new Map();
  lastFrom = "";
  log.replaceChildren(dots);
  drawQuick([]);
  rating.hidden = true;
  drawBadge();
  drawStatus();
}

function hello() {
  const h = { type: "hello", lang: host.lang, burst: true };
  for (const [from, to] of [["name", "name"], ["id", "customer"], ["signature", "signature"]]) if (user[from]) h[to] = String(user[from]);
  if (typeof user.remember === "boolean") h.remember = user.remember;
  if (saved.token) Object.assign(h, { resume: saved.token, after: seq || Math.max(0, (saved.seq || 0) - 60) });
  return h;
}

// ---- the link: a WebSocket; where none gets through, a stream and posts; where a proxy holds the stream back, long polls
const link = {
  up: false, met: false, tried: 0, replayed: 0, heard: 0, ws: null, timer: 0, plain: false, polls: false, stop: null, posts: Promise.resolve(),
  start() {
    if (!isMine()) forget();
    if (!this.ws && !this.timer && !this.stop) this.connect();
  },
  again() { this.drop(); this.connect(); },
  drop() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.ws) { this.ws.onclose = this.ws.onmessage = null; this.ws.close(); this.ws = null; }
    if (this.stop) { this.stop.abort(); this.stop = null; }
    this.up = false;
  },
  lost() {
    this.drop();
    const most = Math.min(30000, 500 * 2 ** this.tried++);
    this.timer = setTimeout(() => { this.timer = 0; this.connect(); }, most * (.5 + Math.random()));
    drawStatus();
  },
  got(m) {
    this.heard = Date.now();
    if (m.type === "welcome") {
      this.up = this.met = true;
      this.tried = 0;
      this.replayed = m.resume ? 0 : m.seq;
    }
    receive(m);
  },
  connect() {
    this.heard = Date.now();
    if (this.plain) { this.connectPlain(); return; }
    const ws = this.ws = new WebSocket(server.replace(/^http/, "ws") + "/v1/chat");
    let opened = false;
    ws.onopen = () => { opened = true; ws.send(JSON.stringify(hello())); };
    ws.onmessage = e => { try { this.got(JSON.parse(e.data)); } catch (x) { console.error(x); } };
    ws.onclose = () => {
      if (!opened && !this.met && this.tried >= 2 && navigator.onLine !== false) this.plain = true;
      this.lost();
    };
  },
  async ask(where, body) {
    const headers = { "Content-Type": "application/json" };
    if (saved.token) headers.Authorization = "Bearer " + saved.token;
    const r = await fetch(server + where, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" });
    return r.json();
  },
  async connectPlain() {
    const stop = this.stop = new AbortController();
    const read = what => fetch(`${server}/v1/conversations/${saved.token.split(".")[0]}/${what}`,
      { headers: { Authorization: "Bearer " + saved.token }, signal: stop.signal, credentials: "omit" });
    let silent;
    try {
      if (!saved.token) this.got(await this.ask("/v1/conversations", hello()));
      for (let first = true; this.polls; first = false) {
        const r = await read(`messages?after=${hello().after}&wait_ms=${first ? 0 : 20000}`);
        const a = await r.json();
        if (!r.ok) { this.got(a); throw r.status; }
        if (first) this.got({ type: "welcome", seq: a.seq });
        a.events.forEach(e => this.got(e));
        this.heard = Date.now();
      }
      // the stream begins with a welcome at once: silence means that somebody holds it back
      silent = setTimeout(() => { this.polls = true; stop.abort(); }, 6000);
      const r = await read(`stream?after=${hello().after}`);
      if (!r.ok) this.got(await r.json());
      const reader = r.ok && r.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; reader;) {
        const { value, done } = await reader.read();
        clearTimeout(silent);
        if (done) break;
        this.heard = Date.now();
        text += value;
        for (let at; (at = text.indexOf("\n\n")) >= 0; text = text.slice(at + 2))
          for (const line of text.slice(0, at).split("\n"))
            if (line.startsWith("data: ")) this.got(JSON.parse(line.slice(6)));
      }
    } catch { /* lost: below */ }
    clearTimeout(silent);
    if (this.stop === stop) this.lost();
  },
  send(m) {
    if (!this.up) return; // the welcome sends what waits
    if (this.ws) { this.ws.send(JSON.stringify(m)); return; }
    const [id] = saved.token.split(".");
    this.posts = this.posts.then(() => this.ask(`/v1/conversations/${id}/messages`, m)) // one after the other
      .then(a => { if (a.type !== "message") receive({ ...a, re: a.re || m.id }); else confirm(m.id); }).catch(() => { if (this.up) this.lost(); });
  },
  // Back from sleep, from the cache, from no network: is it still alive?
  wake() {
    if (document.hidden || !(saved.token || outbox.length) || (!this.tried && !this.up && !this.timer)) return;
    if (!this.up || Date.now() - this.heard > 40000) { this.tried = 0; this.again(); }
  },
};
document.addEventListener("visibilitychange", () => link.wake());
addEventListener("pageshow", e => { if (e.persisted && saved.token) link.again(); });
addEventListener("online", () => { link.tried = 0; if (link.timer || link.ws || link.stop) link.again(); });
addEventListener("offline", () => { if (link.up) link.lost(); });

// ---- what the page may call
const api = {
  open, close,
  toggle() { if (panel.hidden) open(); else close(); },
  show() { host.hidden = false; },
  hide() { close(); host.hidden = true; },
  setUser(u) {
    user = u || {};
    if (!isMine()) forget();
    if (saved.token || !panel.hidden) link.start();
  },
  setAttributes(a) {
    attributes = { ...attributes, ...a };
    if (link.up) link.send({ type: "attributes", attributes });
  },
  setLocale(l) { lang = String(l); setWords(); },
  say(text) { send(text); },
  reset() {
    forget();
    if (!panel.hidden) link.connect();
  },
  on(name, f) { listeners.set(name, [...(listeners.get(name) || []), f]); return api; },
  off(name, f) { listeners.set(name, (listeners.get(name) || []).filter(x => x !== f)); return api; },
  push(...calls) { // ["open"], ["on", "message", f]: as in the queue before loading
    for (const [name, ...args] of calls) if (typeof api[name] === "function") api[name](...args);
  },
};

function begin() {
  if (data.position) host.dataset.position = data.position;
  if (data.color && window.CSS && window.CSS.supports("color", data.color)) host.style.setProperty("--hangat-color", data.color);
  if ("hideLauncher" in data) launcher.hidden = true;
  setTheme();
  setWords();
  document.body.append(host);
  window.hangat = api;
  api.push(...early);
  if (isMine()) for (const m of outbox) drawMine(m, false);
  if (isMine() && (saved.token || outbox.length)) link.start();
  if ("open" in data) open();
  emit("ready");
}
if (document.body) begin();
else addEventListener("DOMContentLoaded", begin, { once: true });
})();
