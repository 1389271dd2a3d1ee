// Memory of the daemon with many idle WebSockets, bare and with a conversation.
//   SOCKETS=10000 node tests/bench/sockets.js     (prints; never fails)
"use strict";
const fs = require("node:fs");
const net = require("node:net");
const { Daemon } = require("../web/harness.js");

const N = Number(process.env.SOCKETS || 10000);
const HEAD = "GET /v1/chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

const rss = pid => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

function text(s) {
  const b = Buffer.from(s), key = Buffer.from([1, 2, 3, 4]);
  const head = b.length < 126 ? Buffer.from([0x81, 0x80 | b.length]) : Buffer.from([0x81, 0xfe, b.length >> 8, b.length & 255]);
  return Buffer.concat([head, key, b.map((c, i) => c ^ key[i % 4])]);
}

function open(port) {
  return new Promise((done, bad) => {
    const s = net.connect(port, "127.0.0.1", () => s.write(HEAD));
    s.once("data", () => done(s));
    s.once("error", bad);
  });
}

const ask = (s, m) => new Promise(done => {
  s.once("data", done);
  s.write(text(JSON.stringify(m)));
});

(async () => {
  const d = await new Daemon(["--max-connections", String(N + 10)]).start();
  const before = rss(d.proc.pid), all = [];
  const start = Date.now();
  while (all.length < N) all.push(...await Promise.all(Array.from({ length: Math.min(100, N - all.length) }, () => open(d.port))));
  const opened = Date.now() - start, idle = rss(d.proc.pid);
  console.log(`${N} WebSockets in ${opened} ms: ${((idle - before) / N).toFixed(2)} kB each (RSS ${before} -> ${idle} kB)`);
  for (let i = 0; i < N; i += 100) await Promise.all(all.slice(i, i + 100).map(s => ask(s, { type: "hello" })));
  const talking = rss(d.proc.pid);
  console.log(`each with a conversation: ${((talking - before) / N).toFixed(2)} kB each (RSS ${talking} kB)`);
  for (const s of all) s.destroy();
  await d.stop();
})();
