// RFC 6455, case by case: what a server must do with good and bad frames, sent as
// bytes; and the same protocol through the library `ws`.
"use strict";
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const net = require("node:net");
const { after, before, test } = require("node:test");
const WebSocket = require("ws");
const { Daemon, agent, limit, until } = require("./harness.js");

let d;
before(async () => { d = await new Daemon(["--origins", "https://toko.example"]).start(); });
after(() => d.stop());

// ---- bytes
const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

function frame(opcode, payload = "", { fin = true, rsv = 0, masked = true, length } = {}) {
  const body = Buffer.from(payload);
  const n = length ?? body.length;
  const head = [(fin ? 0x80 : 0) | rsv << 4 | opcode];
  const mask = masked ? 0x80 : 0;
  if (n < 126) head.push(mask | n);
  else if (n < 65536) head.push(mask | 126, n >> 8, n & 255);
  else {
    const b = Buffer.alloc(8);
    b.writeBigUInt64BE(BigInt(n));
    head.push(mask | 127, ...b);
  }
  const key = crypto.randomBytes(4);
  if (!masked) return Buffer.concat([Buffer.from(head), body]);
  return Buffer.concat([Buffer.from(head), key, body.map((c, i) => c ^ key[i % 4])]);
}

function closing(code, why = "") {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(code);
  return frame(CLOSE, Buffer.concat([b, Buffer.from(why)]));
}

const HEAD = "GET /v1/chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// A raw connection: its frames as {opcode, text, code}.
class Raw {
  constructor(first = "") {
    this.buf = Buffer.alloc(0);
    this.head = null;
    this.frames = [];
    this.ended = false;
    this.sock = net.connect(d.port, "127.0.0.1");
    this.sock.on("data", b => { this.buf = Buffer.concat([this.buf, b]); this.parse(); });
    this.sock.on("error", () => {});
    this.sock.on("close", () => { this.ended = true; });
    this.sock.write(Buffer.concat([Buffer.from(HEAD), Buffer.from(first)]));
  }

  parse() {
    if (this.head === null) {
      const at = this.buf.indexOf("\r\n\r\n");
      if (at < 0) return;
      this.head = this.buf.subarray(0, at).toString();
      this.buf = this.buf.subarray(at + 4);
    }
    for (;;) {
      if (this.buf.length < 2) return;
      let n = this.buf[1] & 127, at = 2;
      if (n === 126) { n = this.buf.readUInt16BE(2); at = 4; }
      if (n === 127) { n = Number(this.buf.readBigUInt64BE(2)); at = 10; }
      assert.equal(this.buf[1] & 128, 0, "a server does not mask (5.1)");
      if (this.buf.length < at + n) return;
      const opcode = this.buf[0] & 15, body = this.buf.subarray(at, at + n);
      this.frames.push({ opcode, text: body.toString(), code: opcode === CLOSE && n >= 2 ? body.readUInt16BE(0) : undefined });
      this.buf = this.buf.subarray(at + n);
    }
  }

  write(b) { this.sock.write(b); }
  frame(opcode) { return until(() => this.frames.find(f => f.opcode === opcode), `frame ${opcode}`); }
  messages() { return this.frames.filter(f => f.opcode === TEXT).map(f => JSON.parse(f.text)); }
  answer(re) { return until(() => this.messages().find(m => m.re === re), `answer to ${re}`); }
  end() { return until(() => this.ended, "the end of the connection"); }
}

const say = (id, text = "jam buka toko?") => JSON.stringify({ type: "message", id, text });

test("the accept key is that of the RFC (1.3)", async () => {
  const c = new Raw();
  await until(() => c.head, "a head");
  assert.match(c.head, /^HTTP\/1\.1 101 /);
  assert.match(c.head, /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
  c.sock.destroy();
});

// Bytes after the handshake -> what must come: an answer to "m", a pong, or a
// close code (and the end).  name, bytes, want.
const half = say("m").slice(0, 20), rest = say("m").slice(20);
const euro = Buffer.from(say("m", "harga € berapa"));
const cut = euro.indexOf(0xe2) + 1;
const cases = [
  ["one text frame (5.6)", frame(TEXT, say("m")), "answer"],
  ["two fragments (5.4)", [frame(TEXT, half, { fin: false }), frame(0, rest)], "answer"],
  ["a fragment for each byte (5.4)", [...Buffer.from(say("m"))].map((c, i, all) =>
    frame(i ? 0 : TEXT, Buffer.from([c]), { fin: i === all.length - 1 })), "answer"],
  ["empty fragments between (5.4)", [frame(TEXT, "", { fin: false }), frame(0, half, { fin: false }), frame(0, "", { fin: false }), frame(0, rest)], "answer"],
  ["a ping between fragments (5.5)", [frame(TEXT, half, { fin: false }), frame(PING, "x"), frame(0, rest)], "answer"],
  ["a pong between fragments (5.5)", [frame(TEXT, half, { fin: false }), frame(PONG, "x"), frame(0, rest)], "answer"],
  ["a character cut by a fragment (5.6)", [frame(TEXT, euro.subarray(0, cut), { fin: false }), frame(0, euro.subarray(cut))], "answer"],
  ["a length of two bytes (5.2)", frame(TEXT, say("m", "halo " + "x".repeat(200))), "answer"],
  ["spaces around the object", frame(TEXT, "  " + say("m") + "\n"), "answer"],
  ["a ping (5.5.2)", frame(PING, ""), "pong"],
  ["a ping with text (5.5.3)", frame(PING, "hangat"), "pong"],
  ["a ping of 125 bytes (5.5)", frame(PING, "x".repeat(125)), "pong"],
  ["a ping with any bytes (5.5.2)", frame(PING, Buffer.from([0, 255, 254])), "pong"],
  ["a pong nobody asked for (5.5.3), then a message", [frame(PONG, "x"), frame(TEXT, say("m"))], "answer"],
  ["a ping of 126 bytes (5.5)", frame(PING, "x".repeat(126)), 1002],
  ["a fragmented ping (5.5)", frame(PING, "x", { fin: false }), 1002],
  ["a fragmented close (5.5)", frame(CLOSE, "", { fin: false }), 1002],
  ["a reserved bit 1 (5.2)", frame(TEXT, say("m"), { rsv: 4 }), 1002],
  ["a reserved bit 2 (5.2)", frame(TEXT, say("m"), { rsv: 2 }), 1002],
  ["a reserved bit 3 (5.2)", frame(TEXT, say("m"), { rsv: 1 }), 1002],
  ["a reserved bit on a ping (5.2)", frame(PING, "", { rsv: 4 }), 1002],
  ...[3, 4, 5, 6, 7].map(o => [`reserved data opcode ${o} (5.2)`, frame(o, "x"), 1002]),
  ...[11, 12, 13, 14, 15].map(o => [`reserved control opcode ${o} (5.2)`, frame(o, "x"), 1002]),
  ["no mask (5.1)", frame(TEXT, say("m"), { masked: false }), 1002],
  ["a ping without mask (5.1)", frame(PING, "", { masked: false }), 1002],
  ["a continuation of nothing (5.4)", frame(0, "x"), 1002],
  ["a continuation of nothing, unfinished (5.4)", frame(0, "x", { fin: false }), 1002],
  ["a text inside a text (5.4)", [frame(TEXT, half, { fin: false }), frame(TEXT, rest)], 1002],
  ["a binary inside a text (5.4)", [frame(TEXT, half, { fin: false }), frame(BINARY, rest)], 1002],
  ["a length of two bytes that fits in one (5.2)", Buffer.from([0x81, 0xfe, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 1002],
  ["a length of eight bytes that fits in two (5.2)", Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 1002],
  ["a length with the highest bit set (5.2)", Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4]), 1002],
  ["binary data (5.6): not ours", frame(BINARY, "x"), 1003],
  ["bad UTF-8 (8.1)", frame(TEXT, Buffer.from([0xff])), 1007],
  ["an overlong form (8.1)", frame(TEXT, Buffer.from([0xc0, 0xaf])), 1007],
  ["half a surrogate pair (8.1)", frame(TEXT, Buffer.from([0xed, 0xa0, 0x80])), 1007],
  ["above U+10FFFF (8.1)", frame(TEXT, Buffer.from([0xf4, 0x90, 0x80, 0x80])), 1007],
  ["an unfinished character at the end (8.1)", frame(TEXT, Buffer.from([0xe2, 0x82])), 1007],
  ["bad UTF-8 in a later fragment (8.1)", [frame(TEXT, "ok", { fin: false }), frame(0, Buffer.from([0xff]))], 1007],
  ["a message over 16 KiB (7.4.1)", frame(TEXT, "x".repeat(16385)), 1009],
  ["fragments over 16 KiB together (7.4.1)", [frame(TEXT, "x".repeat(9000), { fin: false }), frame(0, "x".repeat(9000))], 1009],
  ["a promise of 2^40 bytes (7.4.1)", frame(TEXT, "xx", { length: 2 ** 40 }), 1009],
  ["a close without code (5.5.1)", frame(CLOSE, ""), "closed"],
  ["a close with 1000 (7.4.1)", closing(1000), 1000],
  ["a close with 1001 and words (5.5.1)", closing(1001, "pergi"), 1001],
  ["a close with 3000 (7.4.2)", closing(3000), 3000],
  ["a close with 4999 (7.4.2)", closing(4999), 4999],
  ["a close with half a code (5.5.1)", frame(CLOSE, "x"), "closed"],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000].map(c => [`a close with ${c} (7.4)`, closing(c), 1002]),
  ["a close with bad UTF-8 (5.5.1)", frame(CLOSE, Buffer.from([3, 232, 0xff])), 1007],
  ["a message behind a close is not taken (5.5.1)", [closing(1000), frame(TEXT, say("m"))], 1000],
];

async function check(c, want) {
  if (want === "answer") {
    assert.equal((await c.answer("m")).type, "message");
  } else if (want === "pong") {
    await c.frame(PONG);
  } else {
    const f = await c.frame(CLOSE);
    if (want !== "closed") assert.equal(f.code, want);
    await c.end();
    assert.equal(c.messages().filter(m => m.re === "m").length, 0);
  }
  c.sock.destroy();
}

for (const [name, bytes, want] of cases)
  test(`${name}: ${want}`, async () => {
    const all = Buffer.concat([bytes].flat());
    await check(new Raw(all), want); // behind the upgrade, in one write
    const c = new Raw();
    await until(() => c.head, "a head");
    for (let at = 0; at < Math.min(all.length, 400); at++) // and byte by byte
      if (!c.ended) c.write(all.subarray(at, at + 1));
    if (!c.ended) c.write(all.subarray(400));
    await check(c, want);
  });

test("pongs carry what the pings had, in order (5.5.3)", async () => {
  const c = new Raw(Buffer.concat(["a", "b", "c"].map(x => frame(PING, x))));
  await until(() => c.frames.filter(f => f.opcode === PONG).length === 3, "three pongs");
  assert.equal(c.frames.filter(f => f.opcode === PONG).map(f => f.text).join(""), "abc");
  c.sock.destroy();
});

test("what an upgrade needs (4.2.1)", async () => {
  const ask = head => new Promise(done => {
    const s = net.connect(d.port, "127.0.0.1", () => s.write(head));
    let got = "";
    s.on("data", b => { got += b; if (got.includes("\r\n\r\n")) { s.destroy(); done(got); } });
    s.on("error", () => done(got));
  });
  const lines = HEAD.trimEnd().split("\r\n");
  const without = name => lines.filter(l => !l.startsWith(name)).join("\r\n") + "\r\n\r\n";
  for (const [head, status] of [
    [HEAD, 101], [without("Upgrade"), 426], [without("Connection"), 426], [without("Sec-WebSocket-Key"), 400], [without("Sec-WebSocket-Version"), 426],
    [HEAD.replace("13", "8"), 426], [HEAD.replace("dGhl", "dGh"), 400], [HEAD.replace("GET", "POST").replace("Host: a", "Host: a\r\nContent-Length: 0"), 405],
    [HEAD.replace("HTTP/1.1", "HTTP/1.0"), 400], [HEAD.replace("Host: a", "Host: a\r\nOrigin: https://evil.example"), 403],
    [HEAD.replace("Host: a", "Host: a\r\nOrigin: https://toko.example"), 101], [HEAD.replace("Host: a", "Host: a\r\nOrigin: http://a"), 101],
    [HEAD.replace("Upgrade\r\nUpgrade: websocket", "upgrade\r\nUpgrade: WebSocket"), 101]])
    assert.match(await ask(head), new RegExp(`^HTTP/1\\.1 ${status} `), head);
});

// ---- through a library
class Client {
  constructor(where = "/v1/chat", options = {}) {
    this.got = [];
    this.ws = new WebSocket(`ws://127.0.0.1:${d.port}${where}`, options);
    this.ws.on("message", b => this.got.push(JSON.parse(b)));
    this.ws.on("error", e => { this.error = e; });
    this.closed = new Promise(done => this.ws.on("close", (code, why) => done({ code, why: String(why) })));
    this.open = new Promise(done => this.ws.on("open", done));
  }
  async send(m) { await this.open; this.ws.send(typeof m === "string" ? m : JSON.stringify(m)); }
  until(fits) { return until(() => this.got.find(m => Object.entries(fits).every(([k, v]) => m[k] === v)), JSON.stringify(fits)); }
}

test("a conversation, left and resumed without gap or double", async () => {
  const a = new Client();
  await a.send({ type: "hello", lang: "en" });
  const w = await a.until({ type: "welcome" });
  for (let i = 0; i < 5; i++) await a.send({ type: "message", id: "m" + i, text: "what are your opening hours " + i });
  const last = await a.until({ re: "m4" });
  a.ws.terminate();
  const b = new Client();
  await b.send({ type: "hello", resume: w.resume, after: 4 });
  await until(() => b.got.some(m => m.seq === last.seq && m.type !== "welcome"), "the last event");
  assert.deepEqual(b.got.filter(m => m.type !== "welcome").map(m => m.seq), Array.from({ length: last.seq - 4 }, (_, i) => i + 5));
  b.ws.close();
  assert.equal((await limit(b.closed, "closed")).code, 1005);
});

test("bad objects get an error and the connection lives on", async () => {
  const c = new Client();
  for (const [m, code] of [["{", "bad_json"], ["[]", "bad_json"], ["{}", "missing_field"], [{ type: "nix" }, "unknown_type"], [{ type: "message", text: "" }, "missing_field"],
    [{ type: "hello", role: "agent", token: "x" }, "forbidden"], ['{"a":' + "[".repeat(20) + "]".repeat(20) + "}", "too_deep"]]) {
    c.got = [];
    await c.send(m);
    await c.until({ type: "error", code });
  }
  await c.send({ type: "message", id: "z", text: "halo" });
  await c.until({ re: "z" });
  await c.send({ type: "bye" });
  assert.equal((await limit(c.closed, "closed")).code, 1000);
});

test("fragments are answered once, together, where hello asked for it", async () => {
  const c = new Client();
  await c.send({ type: "hello", lang: "id", burst: true });
  const w = await c.until({ type: "welcome" });
  for (const [id, text] of [["1", "kak"], ["2", "mau tanya dong"], ["3", "jam buka toko"], ["3", "jam buka toko"]]) await c.send({ type: "message", id, text });
  const m = await c.until({ type: "message", re: "3" });
  assert.equal(m.intent, "store_hours");
  await c.until({ type: "ack", re: "1" });
  await c.until({ type: "ack", re: "2" });
  assert.equal(c.got.filter(x => x.re).length, 3);
  await c.send({ type: "message", id: "2", text: "mau tanya dong" });
  await until(() => c.got.filter(x => x.re === "2").length === 2, "the ack again");
  await c.send({ type: "message", id: "3", text: "jam buka toko" });
  await until(() => c.got.filter(x => x.re === "3").length === 2, "the answer again");
  const { events } = await fetch(`${d.url}/v1/conversations/${w.conversation}/messages`, { headers: { Authorization: "Bearer " + w.resume } }).then(r => r.json());
  assert.deepEqual(events.map(e => [e.seq, e.from.kind, e.text.slice(0, 9)]).slice(0, 3), [[1, "customer", "kak"], [2, "customer", "mau tanya"], [3, "customer", "jam buka "]]);
  assert.equal(events.length, 4);
  c.ws.close();
});

test("danger and a wish for a person do not wait; nor does what waits when its page leaves", async () => {
  const slow = await new Daemon(["--burst-ms", "60000"]).start();
  const open = async () => {
    const ws = new WebSocket(slow.url.replace("http", "ws") + "/v1/chat"), got = [];
    ws.on("message", b => got.push(JSON.parse(b)));
    await new Promise(done => ws.on("open", done));
    ws.send(JSON.stringify({ type: "hello", lang: "id", burst: true }));
    await until(() => got.length, "welcome");
    return { ws, got, send: (id, text) => ws.send(JSON.stringify({ type: "message", id, text })) };
  };
  const a = await open();
  a.send("1", "kak");
  a.send("2", "mau bicara dengan orang");
  await until(() => a.got.some(m => m.re === "2" && m.handoff), "a person");
  const b = await open();
  b.send("1", "aku mau bunuh diri");
  await until(() => b.got.some(m => m.re === "1" && m.intent === "crisis"), "help");
  const c = await open();
  c.send("1", "jam buka toko?");
  c.send("2", "makasih");
  await until(() => c.got.some(m => m.type === "ack" && m.re === "1"), "an ack");
  c.ws.terminate();
  const [{ conversation, resume }] = c.got;
  await until(async () => (await fetch(`${slow.url}/v1/conversations/${conversation}/messages`, { headers: { Authorization: "Bearer " + resume } }).then(r => r.json())).events.length === 3, "the answer");
  const e = await open();
  e.send("1", "jam buka toko?");
  await new Promise(done => e.ws.ping(done));
  await new Promise(done => e.ws.once("pong", done));
  await slow.stop(); // answers first
  a.ws.terminate();
  b.ws.terminate();
});

test("agents at /v1/desk; customers are sent away from there", async () => {
  const token = await d.ctl("agents", "add", "Ayu");
  const c = new Client("/v1/desk");
  await c.send({ type: "message", text: "halo" });
  await c.until({ type: "error", code: "forbidden" });
  await c.send({ type: "hello", role: "agent", token });
  await c.until({ type: "queue" });
  c.ws.close();
});

test("a person takes over, and the bot is silent", async () => {
  const sari = await agent(d, "Sari");
  const c = new Client();
  await c.send({ type: "message", id: "1", text: "mau bicara dengan orang" });
  await c.until({ type: "handoff", state: "waiting" });
  sari.send({ type: "claim", id: "c", ticket: "next" });
  const { ticket, generation } = await sari.until({ type: "claimed" });
  await c.until({ type: "joined" });
  await c.send({ type: "message", id: "2", text: "halo kak" });
  await c.until({ type: "ack", re: "2" });
  await sari.until({ type: "message", ticket, text: "halo kak" });
  sari.send({ type: "message", id: "m", ticket, generation, text: "Hai, aku Sari." });
  const m = await c.until({ type: "message", text: "Hai, aku Sari." });
  assert.equal(m.from.kind, "human");
  sari.send({ type: "resolve", id: "r", ticket, generation });
  await c.until({ type: "handoff", state: "resolved" });
  c.ws.close();
  sari.close();
});

test("who does not read is held back, leaves, and comes back to all of it", async () => {
  const c = new Client();
  await c.send({ type: "hello" });
  const w = await c.until({ type: "welcome" });
  c.ws._socket.pause();
  for (let i = 0; i < 2000; i++) c.ws.send(say("x" + i, "halo"));
  c.ws._socket.resume();
  await until(() => c.got.some(m => m.re === "x1999") || c.ws.readyState !== WebSocket.OPEN, "an end of it");
  c.ws.terminate();
  const b = new Client();
  await b.send({ type: "hello", resume: w.resume, after: 0 });
  await b.until({ type: "welcome" });
  const seqs = () => b.got.filter(m => m.type !== "welcome").map(m => m.seq);
  await until(() => seqs().length >= b.got[0].seq, "all of it");
  assert.deepEqual(seqs(), seqs().map((_, i) => i + 1));
  b.ws.close();
});

test("200 pages that come back at once lose nothing", async () => {
  const pages = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
    const w = await d.post("/v1/conversations", {});
    await d.post(`/v1/conversations/${w.conversation}/messages`, { id: "a", text: "jam buka? " + i }, w.resume);
    return w;
  }));
  await d.kill();
  await d.start();
  await Promise.all(pages.map(async (w, i) => {
    const c = new Client();
    await c.send({ type: "hello", resume: w.resume, after: 1 });
    await c.send({ type: "message", id: "a", text: "jam buka? " + i }); // not sure it got through
    await c.send({ type: "message", id: "b", text: "makasih " + i });
    await c.until({ re: "b" });
    const seqs = new Set(c.got.filter(m => m.type !== "welcome").map(m => m.seq));
    for (const s of [2, 4]) assert.ok(seqs.has(s), `page ${i} misses ${s}`);
    c.ws.close();
    await c.closed;
  }));
});

test("stopping says so: 1001", async () => {
  const c = new Client();
  await c.send({ type: "message", id: "1", text: "halo" });
  await c.until({ re: "1" });
  d.proc.kill("SIGTERM");
  assert.equal((await limit(c.closed, "closed")).code, 1001);
  assert.equal(await d.ended, 0);
  await d.start();
});
