// The agents' desk: who waits, who is mine, and talking with them. Everything
// goes over the WebSocket at /v1/desk; text from anybody goes in as text.
"use strict";
(() => {
const WORDS = {
  id: {
    desk: "Meja", sign: "Masuk", name: "Nama", password: "Kata sandi", token: "Masuk dengan token", why: "Kata sandi: hangatctl agents passwd NAMA; token: hangatctl agents add NAMA", out: "Keluar", waiting: "Menunggu", mine: "Punyaku", all: "Semua", done: "Selesai",
    none: "Tidak ada siapa-siapa di sini.", pick: "Pilih obrolan di kiri, atau tekan n untuk yang pertama menunggu.", claim: "Ambil", resolve: "Selesai", bot: "Ke bot", release: "Lepas", transfer: "Oper", note: "Catatan",
    write: "Tulis ke pelanggan…", send: "Kirim", customer: "Pelanggan", reason: "Alasan", priority: "Prioritas", lang: "Bahasa", waited: "Menunggu", slots: "Yang sudah disebut", moods: "Perasaan", tried: "Yang sudah dicoba bot", guess: "Dugaan bot",
    lost: "Sambungan terputus; menyambung lagi…", typing: "{n} sedang mengetik", taken: "Sudah diambil {n}", gone: "Obrolan ini sudah dilepas; pelanggan kembali ke depan antrean.", outcome: "Apa hasilnya? (boleh kosong)", to: "Nama agen tujuan",
    words: "Pesan untuknya (boleh kosong)", notewords: "Catatan, pelanggan tidak melihat", ok: "Ya", cancel: "Batal", keys: "Tombol", minutes: "{n} mnt", now: "baru", by: "oleh {n}", back: "Daftar", about: "Kartu", close: "Tutup", you: "kamu", joined: "bergabung", left: "pamit",
    over: "Ambil alih", snooze: "Tunda", snoozed: "ditunda", sees: "dilihat {n}", later: "Tunda berapa menit?", figures: "Angka", notify: "Beri tahu", notifyOn: "Akan diberi tahu", canned: "Balasan siap pakai", notes: "Catatan", rated: "nilai {n}", topic: "Soal", forYou: "untuk {n}", newTicket: "Ada yang menunggu", newMessage: "Pesan baru",
    stats: { waiting: "Menunggu sekarang", agents: "Agen di sini", answered: "Dijawab bot", clarified: "Ditanya balik", unsure: "Tidak paham", opened: "Diteruskan ke orang", taken: "Diambil", resolved: "Selesai", back: "Kembali ke bot", first: "Jawaban pertama (separuh dalam)", rating: "Nilai", moodOpen: "Perasaan di awal", moodEnd: "Perasaan di akhir" },
    help: [["n", "ambil yang pertama menunggu"], ["/", "tulis; / di awal: balasan siap pakai"], ["s", "tunda"], ["d", "angka hari ini"], ["Esc", "keluar dari kotak tulis"], ["r", "selesai"], ["b", "kembalikan ke bot"], ["l", "lepas ke antrean"], ["t", "oper"], ["c", "catatan"], ["?", "daftar ini"]],
    moodNames: { angry: "marah", sad: "sedih", anxious: "cemas", confused: "bingung", lonely: "kesepian", happy: "senang", neutral: "biasa" },
    reasons: { unsure: "bot tidak paham", wish: "minta orang", anger: "marah", crisis: "bahaya", worry: "mungkin bahaya", rule: "perlu orang", limit: "bot tidak sempat", form: "datanya tidak lengkap" },
    priorities: { crisis: "darurat", upset: "kesal", normal: "biasa" },
  },
  en: {
    desk: "Desk", sign: "Sign in", name: "Name", password: "Password", token: "Sign in with a token", why: "Passwords: hangatctl agents passwd NAME; tokens: hangatctl agents add NAME", out: "Sign out", waiting: "Waiting", mine: "Mine", all: "All", done: "Done",
    none: "Nobody here.", pick: "Choose a conversation on the left, or press n for the first that waits.", claim: "Take", resolve: "Resolve", bot: "To the bot", release: "Release", transfer: "Transfer", note: "Note",
    write: "Write to the customer…", send: "Send", customer: "Customer", reason: "Reason", priority: "Priority", lang: "Language", waited: "Waited", slots: "Said so far", moods: "Mood", tried: "Tried by the bot", guess: "What the bot took it for",
    lost: "Connection lost; connecting again…", typing: "{n} is typing", taken: "Taken by {n}", gone: "This conversation was released; the customer is at the front again.", outcome: "What came of it? (optional)", to: "Name of the other agent",
    words: "A word for them (optional)", notewords: "Note, not seen by the customer", ok: "Yes", cancel: "Cancel", keys: "Keys", minutes: "{n} min", now: "new", by: "by {n}", back: "List", about: "Card", close: "Close", you: "you", joined: "joined", left: "left",
    over: "Take over", snooze: "Snooze", snoozed: "put off", sees: "seen by {n}", later: "Put off for how many minutes?", figures: "Figures", notify: "Notify me", notifyOn: "You will be notified", canned: "Canned replies", notes: "Notes", rated: "rated {n}", topic: "About", forYou: "for {n}", newTicket: "Somebody is waiting", newMessage: "New message",
    stats: { waiting: "Waiting now", agents: "Agents here", answered: "Answered by the bot", clarified: "Asked back", unsure: "Not understood", opened: "Handed to people", taken: "Taken", resolved: "Resolved", back: "Back to the bot", first: "First response (half within)", rating: "Rating", moodOpen: "Mood at the start", moodEnd: "Mood at the end" },
    help: [["n", "take the first that waits"], ["/", "write; / at the start: canned replies"], ["s", "put off"], ["d", "figures of today"], ["Esc", "leave the writing box"], ["r", "resolve"], ["b", "back to the bot"], ["l", "release to the queue"], ["t", "transfer"], ["c", "note"], ["?", "this list"]],
    moodNames: { angry: "angry", sad: "sad", anxious: "anxious", confused: "confused", lonely: "lonely", happy: "happy", neutral: "calm" },
    reasons: { unsure: "not understood", wish: "asked for a person", anger: "angry", crisis: "danger", worry: "perhaps danger", rule: "needs a person", limit: "the bot ran out of time", form: "details missing" },
    priorities: { crisis: "urgent", upset: "upset", normal: "normal" },
  },
};
const t = WORDS[(navigator.language || "id").slice(0, 2)] || WORDS.id;
document.documentElement.lang = t === WORDS.id ? "id" : "en";
const say = (text, values) => text.replace(/\{(\w)\}/g, (_, k) => values[k]);
const newId = () => [...crypto.getRandomValues(new Uint8Array(9))].map(b => b.toString(16).padStart(2, "0")).join("");
const make = (tag, attrs = {}, ...kids) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) {
    if (typeof v === "function") e.addEventListener(k, v);
    else if (v != null) e.setAttribute(k, v);
  }
  e.append(...kids.filter(k => k != null));
  return e;
};

const RANK = { crisis: 0, upset: 1, normal: 2 };
const tickets = new Map(); // name -> what the queue says of it
const mine = new Map(); // name -> { generation, card, events, draft }
const seen = new Map(); // name -> what was looked at and is not mine: { ticket, card }
let here = [], ended = [], supervisor = false; // who is here; what is done; what I may
let typingEnd = 0, csrf = "", me = "", token = sessionStorage.getItem("hangat:desk") || "", tab = "waiting", current = null, ws = null, tries = 0, up = false;
const asked = new Map(); // id -> what to do with the answer

// ---- the link
function connect() {
  ws = new WebSocket(location.origin.replace(/^http/, "ws") + "/v1/desk");
  ws.onopen = () => ws.send(JSON.stringify({ type: "hello", id: "hello", role: "agent", ...(token ? { token } : {}) }));
  ws.onmessage = e => take(JSON.parse(e.data));
  ws.onclose = () => {
    up = false;
    if (!token && !csrf) return;
    status(t.lost);
    setTimeout(connect, Math.min(15000, 500 * 2 ** tries++) * (.5 + Math.random()));
  };
}

function ask(m, then, id = newId()) {
  asked.set(id, then || (() => {}));
  if (up) ws.send(JSON.stringify({ ...m, id }));
  return id;
}

// A verb on a ticket that I hold.
const act = (name, m, then, id) => ask({ ...m, ticket: name, generation: mine.get(name).generation }, then, id);

const on = {
  welcome(m) {
    me = m.name;
    supervisor = !!m.supervisor;
    up = true;
    tries = 0;
    if (token) sessionStorage.setItem("hangat:desk", token);
    if (!document.querySelector(".desk")) build();
    status("");
  },
  queue(m) {
    tickets.clear();
    for (const x of m.tickets) keep(x);
    for (const x of tickets.values()) // mine from before, here or elsewhere: the card again
      if (x.state === "held" && x.agent === me) claim(x.ticket, false);
    for (const name of [...mine.keys()]) { // lost while I was away
      const x = tickets.get(name);
      if (!x || x.state !== "held" || x.agent !== me) drop(name);
    }
    if (current) look(current);
    draw();
  },
  presence(m) {
    here = m.agents;
    draw();
  },
  card(m) { // looked at: mine gets its earlier messages, others are shown
    const x = mine.get(m.ticket);
    if (x) {
      const known = new Map([...m.card.messages, ...x.events].filter(e => e.seq).map(e => [e.seq, e]));
      x.events = [...[...known.values()].sort((a, b) => a.seq - b.seq), ...x.events.filter(e => !e.seq)];
      if (m.ticket === current) drawLog(x.events); // what is being written stays as it is
    } else {
      seen.set(m.ticket, m);
      if (m.ticket === current) drawTalk();
    }
  },
  ticket(m) {
    const known = tickets.get(m.ticket);
    keep(m);
    if (m.state !== "waiting" && m.state !== "held") tickets.delete(m.ticket);
    if (mine.has(m.ticket) && (m.state !== "held" || m.agent !== me)) drop(m.ticket);
    if (m.state === "waiting" && !m.snoozed_until_ms && (!known || known.state !== "waiting")) call(t.newTicket, m.ticket);
    draw();
  },
  claimed(m) {
    const old = mine.get(m.ticket);
    const said = m.card.messages.filter(e => e.type === "message");
    // what the daemon has already is not sent again, although its answer was lost; an id counts under one generation only
    const unsent = (old ? old.events.filter(e => e.unsent) : []).filter(e => !said.some(n => n.seq > e.after && n.from.kind === "human" && n.from.name === me && n.text === e.text)), writing = old && m.ticket === current && box;
    const focused = writing && document.activeElement === box;
    if (writing) old.draft = box.value;
    const before = old ? old.events.filter(e => !e.unsent && !said.some(n => n.seq === e.seq)) : []; // behind it is what was missed
    mine.set(m.ticket, { generation: m.generation, card: m.card, events: [...before, ...said, ...unsent], draft: old ? old.draft : m.card.draft || "", kept: m.card.draft || "", unread: 0 });
    seen.delete(m.ticket);
    if (!old && rest.has(m.ticket)) mine.get(m.ticket).draft = rest.get(m.ticket);
    rest.delete(m.ticket);
    if (mine.get(m.ticket).draft !== (m.card.draft || "")) keepDraft(m.ticket, mine.get(m.ticket).draft);
    for (const e of unsent) deliver(m.ticket, e); // perhaps again: the id tells
    if (!current || !mine.has(current)) choose(m.ticket);
    else if (current === m.ticket) drawTalk();
    if (focused) box.focus();
    draw();
  },
  message(m) {
    const x = mine.get(m.ticket);
    if (!x) return;
    x.events.push(m);
    if (m.mood && m.mood !== "neutral") x.card.moods.push({ mood: m.mood });
    if (m.ticket !== current || document.hidden) {
      x.unread++;
      call(t.newMessage, m.ticket);
    }
    if (m.ticket === current) {
      drawCard(x.card);
      drawEvent(m);
      status("");
    }
    draw();
  },
  typing(m) {
    if (m.ticket === current) {
      status(say(t.typing, { n: m.from.name || t.customer }));
      clearTimeout(typingEnd);
      typingEnd = setTimeout(() => status(""), 6000);
    }
  },
  lease_lost(m) {
    drop(m.ticket);
    if (m.ticket === current) status(t.gone);
  },
  error(m) {
    if (m.code === "bad_token") {
      token = csrf = "";
      mine.clear(); // somebody else may sign in next
      seen.clear();
      rest.clear();
      current = null;
      ws.onclose = ws.onmessage = null;
      ws.close();
      sessionStorage.removeItem("hangat:desk");
      signIn(m.message);
    } else if (!m.re || !asked.has(m.re)) {
      status(m.message);
    }
  },
};

function take(m) {
  const then = m.re && asked.get(m.re);
  if (on[m.type]) on[m.type](m);
  if (then) {
    asked.delete(m.re);
    if (m.type === "error") status(m.message);
    then(m);
  }
}

function keep(x) { tickets.set(x.ticket, { ...x, since: Date.now() - (x.waited_ms || 0) }); }
// Mine no more; what I had written and nobody got is not lost: it is in the box when I take it again.
const rest = new Map();
function drop(name) {
  const x = mine.get(name);
  if (x) {
    const left = [...x.events.filter(e => e.unsent).map(e => e.text), name === current && box ? box.value : x.draft].filter(Boolean).join("\n");
    if (left) { rest.set(name, left); status(t.gone); }
  }
  mine.delete(name);
  if (name === current) drawTalk();
}

function claim(name, show = true, over = false) {
  const known = mine.get(name), last = known && Math.max(0, ...known.events.map(e => e.seq || 0));
  ask({ type: "claim", ticket: name, ...(over ? { take_over: true } : {}), ...(last ? { after: last } : {}) }, m => {
    if (m.type === "claimed" && show) choose(m.ticket);
  });
}

// Its card and what was said; others see that I look.
function look(name) { ask(name ? { type: "view", ticket: name } : { type: "view" }); }

// ---- the page
let list, tabs, talk, card, line, main, box, log;
const status = words => { if (line) line.textContent = words; };

function signIn(why) {
  const field = (id, label, type, complete) => [make("label", { for: id }, label), make("input", { id, type, autocomplete: complete, "aria-describedby": "why" })];
  const name = field("name", t.name, "text", "username"), word = field("password", t.password, "password", "current-password"), key = field("token", t.token, "password", "off");
  const help = make("p", { id: "why", class: why ? "error" : null, role: why ? "alert" : null }, why || t.why);
  document.body.replaceChildren(make("main", { class: "sign" }, make("h1", {}, t.desk),
    make("form", { class: "sign-form", submit: e => { e.preventDefault(); enter(name[1].value.trim(), word[1].value, key[1].value.trim()); } },
      ...name, ...word, make("details", {}, make("summary", {}, t.token), ...key), help, make("p", {}, make("button", { class: "go", type: "submit" }, t.sign)))));
  name[1].focus();
}

async function enter(name, text, key) {
  token = key;
  if (!key) {
    const r = await fetch("/v1/desk/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, text }) });
    const m = await r.json();
    if (!r.ok) { signIn(m.message); return; }
    csrf = m.result.csrf;
  }
  connect();
}

async function signOut() {
  const sent = csrf;
  token = csrf = "";
  sessionStorage.removeItem("hangat:desk");
  ws.close();
  if (sent) await fetch("/v1/desk/session", { method: "DELETE", headers: { "X-CSRF-Token": sent } });
  location.reload();
}

function build() {
  tabs = make("div", { class: "tabs", role: "tablist", "aria-label": t.desk }, ...["waiting", "mine", "all", "done"].map(k =>
    make("button", { type: "button", role: "tab", id: "tab-" + k, "aria-controls": "list", "data-tab": k, click: () => { tab = k; if (k === "done") readEnded(); draw(); } })));
  list = make("div", { id: "list", role: "tabpanel", tabindex: "0" });
  talk = make("section", { class: "talk", "aria-label": t.customer });
  card = make("aside", { class: "card", "aria-label": t.about, tabindex: "0" });
  line = make("p", { class: "status", role: "status" });
  main = make("main", { class: "main" }, make("nav", { class: "list", "aria-label": t.waiting }, tabs, list), talk, card);
  document.body.replaceChildren(make("div", { class: "desk" },
    make("header", { class: "top" }, make("h1", {}, `${t.desk} · ${me}`), make("p", { class: "here" }),
      make("button", { type: "button", click: allowNotes, hidden: !("Notification" in window) || Notification.permission !== "default" ? "" : null }, t.notify), make("button", { type: "button", click: figures, "aria-keyshortcuts": "d" }, t.figures), make("button", { type: "button", click: help, "aria-keyshortcuts": "?" }, t.keys), make("button", { type: "button", click: signOut }, t.out)), main));
  drawTalk();
}

function readEnded() {
  ask({ type: "ended", since_s: 7 * 86400 }, m => {
    ended = (m.result || []).map(x => ({ ...x, since: x.opened_ms }));
    if (tab === "done") draw();
  });
}

// Waiting now: not put off.
const waits = x => x.state === "waiting" && !x.snoozed_until_ms;

function shown() {
  if (tab === "done") return ended;
  const all = [...tickets.values()];
  const some = tab === "waiting" ? all.filter(waits) : tab === "mine" ? all.filter(x => mine.has(x.ticket)) : all;
  return some.sort((a, b) => (RANK[a.priority] - RANK[b.priority]) || a.since - b.since);
}

const minutes = x => { const n = Math.floor((Date.now() - x.since) / 60000); return n ? say(t.minutes, { n }) : t.now; };

function draw() {
  if (!list) return;
  const n = { waiting: [...tickets.values()].filter(waits).length, mine: mine.size, all: tickets.size };
  document.querySelector(".here").textContent = here.map(a => `${a.name} ${a.holds}${a.capacity ? "/" + a.capacity : ""}`).join(" · ");
  for (const b of tabs.children) {
    b.textContent = t[b.dataset.tab] + (b.dataset.tab in n ? ` (${n[b.dataset.tab]})` : "");
    b.setAttribute("aria-selected", String(b.dataset.tab === tab));
  }
  list.setAttribute("aria-labelledby", "tab-" + tab);
  const unread = [...mine.values()].reduce((sum, x) => sum + x.unread, 0);
  document.title = (n.waiting + unread ? `(${n.waiting + unread}) ` : "") + `${t.desk} · hangat`;
  const rows = shown().map(x => {
    const held = mine.get(x.ticket), viewers = here.filter(a => a.name !== me && a.viewing.includes(x.ticket)).map(a => a.name);
    const facts = [x.ticket, x.customer, x.lang || "?", x.topic && x.topic.replaceAll("_", " "), x.mood && x.mood !== "neutral" && t.moodNames[x.mood], x.ended_ms ? x.outcome : minutes(x), x.snoozed_until_ms && t.snoozed,
      x.agent ? say(t.by, { n: x.agent === me ? t.you : x.agent }) : x.prefer && say(t.forYou, { n: x.prefer === me ? t.you : x.prefer }), x.rating && say(t.rated, { n: x.rating }), viewers.length && say(t.sees, { n: viewers.join(", ") })];
    return make("li", {}, make("button", { type: "button", "data-ticket": x.ticket, "aria-current": String(x.ticket === current), click: () => choose(x.ticket) },
      make("span", { class: x.priority }, `${x.priority ? t.priorities[x.priority] + " · " : ""}${t.reasons[x.reason] || x.reason}${held && held.unread ? ` (${held.unread})` : ""}`),
      make("small", {}, facts.filter(Boolean).join(" · "))));
  });
  const active = /** @type {HTMLElement} */ (document.activeElement);
  const focus = active && list.contains(active) ? active.dataset.ticket : null;
  list.replaceChildren(rows.length ? make("ul", {}, ...rows) : make("p", { class: "empty" }, t.none));
  if (focus) for (const b of list.querySelectorAll("button")) if (b.dataset.ticket === focus) b.focus();
}

function choose(name) {
  if (current && mine.has(current) && box) keepDraft(current, box.value);
  current = name;
  look(name);
  if (mine.has(name)) mine.get(name).unread = 0;
  main.classList.add("open");
  drawTalk();
  draw();
  if (box) box.focus();
}

const button = (words, key, f, cls) => make("button", { type: "button", class: cls, "aria-keyshortcuts": key, click: f }, words);

function drawTalk() {
  const x = mine.get(current), ticket = tickets.get(current), other = seen.get(current);
  card.classList.remove("shown");
  const bar = make("div", { class: "bar" }, make("button", { type: "button", class: "back", click: () => main.classList.remove("open") }, t.back));
  box = log = null;
  card.replaceChildren();
  if (!x) {
    const taken = ticket && ticket.state === "held";
    if (ticket || other) bar.append(make("h2", {}, (other && other.card.customer) || current), make("button", { type: "button", class: "about", click: () => card.classList.toggle("shown") }, t.about));
    if (taken) bar.append(make("span", {}, say(t.taken, { n: ticket.agent })));
    if (taken && supervisor) bar.append(button(t.over, null, () => claim(ticket.ticket, true, true)));
    if (ticket && !taken) bar.append(button(t.claim, "n", () => claim(ticket.ticket), "go"));
    if (!other) {
      talk.replaceChildren(bar, make("p", { class: "empty" }, ticket ? `${t.priorities[ticket.priority]} · ${t.reasons[ticket.reason] || ticket.reason}` : t.pick), line);
      return;
    }
    log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": t.customer });
    talk.replaceChildren(bar, log, line);
    drawLog(other.card.messages);
    drawCard(other.card);
    return;
  }
  bar.append(make("h2", {}, x.card.customer || t.customer), make("button", { type: "button", class: "about", click: () => card.classList.toggle("shown") }, t.about), button(t.resolve, "r", resolve, "go"), button(t.bot, "b", () => act(current, { type: "return_to_bot" })),
    button(t.release, "l", () => act(current, { type: "release" })), button(t.snooze, "s", snooze), button(t.transfer, "t", transfer), button(t.note, "c", addNote));
  log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": t.customer });
  box = make("textarea", { rows: "2", maxlength: "4000", "aria-label": t.write, placeholder: t.write, input: typing,
    keydown: e => {
      const first = /** @type {HTMLElement|null} */ (talk.querySelector(".canned button"));
      if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
        e.preventDefault();
        if (first && box.value.startsWith("/")) first.click();
        else write();
      } else if (e.key === "ArrowDown" && first) { e.preventDefault(); first.focus(); } else if (e.key === "Escape") { e.stopPropagation(); box.blur(); }
    } });
  box.value = x.draft;
  const canned = make("div", { class: "canned", role: "group", "aria-label": t.canned, keydown: step });
  const hints = make("div", { class: "hints" }, ...(x.card.suggestions || []).map(s => make("button", { type: "button", click: () => { box.value = s; box.focus(); } }, s)));
  talk.replaceChildren(bar, log, make("form", { class: "write", submit: e => { e.preventDefault(); write(); } }, x.events.some(e => e.from && e.from.kind === "human") ? null : hints, canned, line, make("div", { class: "row" }, box, make("button", { class: "go", type: "submit" }, t.send))));
  drawLog(x.events);
  drawCard(x.card);
}

function drawLog(events) {
  if (!log) return;
  log.replaceChildren();
  lastWho = "";
  for (const e of events) drawEvent(e);
}

let lastWho = "";
function drawEvent(m) {
  if (!log) return;
  const kind = m.from ? m.from.kind : "note";
  const who = kind === "customer" ? (m.from.name || t.customer) : kind === "bot" ? `${m.from.name} · bot` : kind === "human" ? m.from.name : t.note;
  if (who !== lastWho) log.append(make("p", { class: "who" }, who));
  lastWho = who;
  const e = make("div", { class: `m ${kind === "human" ? "mine" : kind}${m.unsent ? " wait" : ""}`, dir: "auto", "data-id": m.id }, m.text);
  log.append(e);
  log.scrollTop = log.scrollHeight;
  return e;
}

function pairs(...rows) { return make("dl", {}, ...rows.flatMap(([k, v]) => [make("dt", {}, k), make("dd", {}, v)])); }

function drawCard(c) {
  const list = (title, kids) => kids.length ? [make("h3", {}, title), ...kids] : [];
  card.replaceChildren(make("button", { type: "button", class: "about", click: () => card.classList.remove("shown") }, t.close), make("h2", {}, c.customer || t.customer),
    pairs(...(c.topic ? [[t.topic, c.topic.replaceAll("_", " ")]] : []), [t.reason, t.reasons[c.reason] || c.reason], [t.priority, t.priorities[c.priority] || c.priority], [t.lang, c.lang], [t.waited, say(t.minutes, { n: Math.round(c.waited_ms / 60000) })]),
    ...list(t.slots, Object.keys(c.slots).length ? [pairs(...Object.entries(c.slots))] : []),
    ...list(t.moods, c.moods.length ? [make("p", {}, c.moods.map(m => t.moodNames[m.mood] || m.mood).join(" → "))] : []),
    ...list(t.notes, (c.notes || []).map(n => make("p", { dir: "auto" }, `${n.agent}: ${n.text}`))),
    ...list(t.guess, (c.candidates || []).map(g => make("p", {}, `${g.intent.replaceAll("_", " ")} ${Math.round(g.confidence * 100)}%`))),
    ...list(t.tried, c.tried.length ? [make("p", {}, c.tried.join(", "))] : []));
}

function write() {
  const text = box.value.trim(), name = current, x = mine.get(name);
  if (!text || !x) return;
  box.value = "";
  keepDraft(name, "");
  talk.querySelector(".hints")?.remove();
  const m = { from: { kind: "human", name: me }, text, unsent: true, id: newId(), after: Math.max(0, ...x.events.map(e => e.seq || 0)) };
  x.events.push(m);
  drawEvent(m);
  deliver(name, m);
}

// It stays marked as not sent until it is acknowledged.
function deliver(name, m) {
  act(name, { type: "message", text: m.text }, a => {
    if (a.type !== "ack") return;
    m.unsent = false;
    m.seq = a.seq;
    const e = log && log.querySelector(`[data-id="${m.id}"]`);
    if (e) e.classList.remove("wait");
  }, m.id);
}

// What I have begun to write is kept by the daemon, too.
let draftTimer = 0;
function keepDraft(name, text) {
  const x = mine.get(name);
  clearTimeout(draftTimer);
  if (!x || x.kept === text) { if (x) x.draft = text; return; }
  x.draft = text;
  if (!up) return;
  x.kept = text;
  act(name, text ? { type: "draft", text } : { type: "draft" });
}

// "/" and letters: canned replies with names that begin so.
function offerCanned() {
  const group = talk.querySelector(".canned"), name = current, typedNow = box.value;
  if (!typedNow.startsWith("/") || typedNow.includes("\n")) { group.replaceChildren(); return; }
  ask({ type: "canned", ticket: name, text: typedNow.slice(1).trim() }, m => {
    if (name !== current || !box || box.value !== typedNow) return;
    group.replaceChildren(...(m.result || []).slice(0, 8).map(c => make("button", { type: "button", click: () => {
      box.value = c.text;
      group.replaceChildren();
      box.focus();
      keepDraft(name, c.text);
    } }, make("b", {}, "/" + c.name), " " + c.text)));
  });
}

// Up and down among them.
function step(e) {
  const move = e.key === "ArrowDown" ? "nextElementSibling" : e.key === "ArrowUp" ? "previousElementSibling" : null;
  if (e.key === "Escape") { e.stopPropagation(); box.focus(); }
  if (!move) return;
  e.preventDefault();
  (/** @type {HTMLElement} */ (e.target)[move] || box).focus();
}

let typed = 0;
function typing() {
  const name = current;
  offerCanned();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => { if (box && name === current) keepDraft(name, box.value); }, 800);
  if (!mine.has(current) || Date.now() - typed < 3000 || !up) return;
  typed = Date.now();
  act(current, { type: "typing" });
}

// ---- questions: one dialog for all of them
function question(title, fields, then) {
  const inputs = fields.map(([label, required, more]) => make("input", { type: "text", maxlength: "1000", required: required ? "" : null, "aria-label": label, placeholder: label, ...more }));
  const d = make("dialog", { "aria-label": title, close: () => { d.remove(); if (box) box.focus(); } }, make("form", { method: "dialog", submit: () => then(...inputs.map(i => i.value.trim())) },
    make("h2", {}, title), ...inputs, make("div", { class: "row" }, make("button", { type: "button", click: () => d.close() }, t.cancel), make("button", { class: "go", type: "submit" }, t.ok))));
  d.append(make("datalist", { id: "people" }, ...here.filter(a => a.name !== me).map(a => make("option", { value: a.name }))));
  document.body.append(d);
  d.showModal();
  if (inputs[0]) inputs[0].focus();
}

function resolve() { const n = current; if (mine.has(n)) question(t.resolve, [[t.outcome, false]], outcome => act(n, { type: "resolve", outcome: outcome.slice(0, 60) })); }
function snooze() { const n = current; if (mine.has(n)) question(t.snooze, [[t.later, true, { type: "number", min: "1", max: "20160", value: "30" }]], m => act(n, { type: "snooze", wait_s: 60 * Number(m) })); }
function transfer() { const n = current; if (mine.has(n)) question(t.transfer, [[t.to, true, { list: "people" }], [t.words, false]], (to, text) => act(n, text ? { type: "transfer", to, text } : { type: "transfer", to })); }
function addNote() {
  const n = current;
  if (mine.has(n)) question(t.note, [[t.notewords, true]], text => act(n, { type: "note", text }, a => {
    if (a.type !== "ack") return;
    const m = { text };
    mine.get(n).events.push(m);
    if (n === current) drawEvent(m);
  }));
}

function help() {
  const d = make("dialog", { "aria-label": t.keys, close: () => d.remove() }, make("h2", {}, t.keys),
    make("dl", {}, ...t.help.flatMap(([k, v]) => [make("dt", {}, make("kbd", {}, k)), make("dd", {}, v)])), make("form", { method: "dialog" }, make("button", { class: "go" }, t.close)));
  document.body.append(d);
  d.showModal();
}

// ---- how the desk is doing
function figures() {
  ask({ type: "stats" }, m => {
    if (!m.result) return;
    const { now, since } = m.result, s = t.stats, pct = o => Object.entries(o || {}).map(([k, n]) => `${t.moodNames[k] || k} ${n}`).join(", ") || "-";
    const seconds = since.first_response_ms == null ? "-" : Math.round(since.first_response_ms / 1000) + " s";
    const d = make("dialog", { "aria-label": t.figures, close: () => d.remove() }, make("h2", {}, t.figures),
      pairs([s.waiting, now.waiting], [s.agents, now.agents], [s.answered, now.answered], [s.clarified, now.clarified], [s.unsure, now.unsure], [s.opened, since.opened], [s.taken, since.taken], [s.resolved, since.resolved],
        [s.back, since.back], [s.first, seconds], [s.rating, since.ratings ? `${since.rating} (${since.ratings})` : "-"], [s.moodOpen, pct(since.mood_open)], [s.moodEnd, pct(since.mood_end)]),
      make("form", { method: "dialog" }, make("button", { class: "go" }, t.close)));
    document.body.append(d);
    d.showModal();
  });
}

// ---- nobody misses a customer: a tone, and a note of the browser's when the page is out of sight
async function allowNotes(e) {
  if (await Notification.requestPermission() === "granted") status(t.notifyOn);
  e.target.hidden = true;
}

function call(words, name) {
  ring();
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const n = new Notification(words, { body: name, tag: name });
    n.onclick = () => { focus(); choose(name); n.close(); };
  } catch { /* some phones want a service worker for it */ }
}

const keys = {
  d: figures, s: snooze, n: () => claim("next"), "/": () => box && box.focus(), r: resolve, t: transfer, c: addNote, "?": help,
  b: () => mine.has(current) && act(current, { type: "return_to_bot" }), l: () => mine.has(current) && act(current, { type: "release" }),
};
document.addEventListener("keydown", e => {
  const target = /** @type {HTMLElement} */ (e.target);
  if (!list || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog") || target.matches("input,textarea") || !keys[e.key]) return;
  e.preventDefault();
  keys[e.key]();
});

// A short tone for somebody new, or for mine; a browser lets it sound once the page was touched.
let sound;
function ring() {
  try {
    sound = sound || new AudioContext();
    const o = sound.createOscillator(), g = sound.createGain();
    o.connect(g).connect(sound.destination);
    g.gain.setValueAtTime(.05, sound.currentTime);
    g.gain.exponentialRampToValueAtTime(.0001, sound.currentTime + .3);
    o.frequency.value = 660;
    o.start();
    o.stop(sound.currentTime + .3);
  } catch { /* no sound here */ }
}

setInterval(() => { if (up) ws.send('{"type":"ping"}'); draw(); }, 15000);
if (token) connect();
else fetch("/v1/desk/session").then(r => r.ok ? r.json() : null).then(m => {
  if (!m) { signIn(); return; }
  csrf = m.csrf;
  connect();
}, () => signIn());
})();
