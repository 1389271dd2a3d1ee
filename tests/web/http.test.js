// Where our strict parser and node's both accept a head, they must agree on what
// it says: method, target, length of the body, and whether the connection stays.
"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const http = require("node:http");
const net = require("node:net");
const path = require("node:path");
const { test } = require("node:test");
const { BUILD, limit } = require("./harness.js");

const seeds = [
  "GET /v1/conversations/c_1/messages?after=2 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer c_1.x\r\n\r\n",
  "POST /v1/conversations HTTP/1.1\r\nHost: a:80\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n",
  "POST /x HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: [::1]:4280\r\nConnection: close\r\nAccept: */*\r\nX-A: b, c\r\n\r\n",
  "OPTIONS /a/b?c=d&e HTTP/1.1\r\nhost:a\r\nOrigin: https://toko.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
  "DELETE /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nCookie: a=b; c=d\r\n\r\n",
];
const pieces = ["\r\n", "\n", "\r", " ", "\t", "\0", ":", ",", ";", "0", "5", "+", "-", "Content-Length: 5\r\n", "Content-Length: 0\r\n", "content-length:7\r\n", "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: identity\r\n", "Host: b\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", " folded\r\n", "X: y\r\n", "X : y\r\n", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "GET ", "http://b/",
  "#f", "?q", "%00", "\x7f", "\xe9", "Upgrade: websocket\r\nConnection: upgrade\r\n", "\x0b", "(", "@"];

// A small seeded generator (mulberry32), so that a failure can be seen again.
let state = Number(process.env.HTTP_SEED || 1);
function random(n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

function mutate(head) {
  for (let n = random(3); n >= 0; n--) {
    const at = random(head.length), piece = pieces[random(pieces.length)];
    const lines = head.split("\r\n").map(l => l + "\r\n");
    switch (random(5)) {
      case 0: head = head.slice(0, at) + piece + head.slice(at); break;
      case 1: head = head.slice(0, at) + head.slice(at + 1 + random(3)); break;
      case 2: head = head.slice(0, at) + String.fromCharCode(random(256)) + head.slice(at + 1); break;
      case 3: { const i = random(lines.length); head = head.replace(lines[i], lines[i] + lines[random(lines.length)]); break; }
      case 4: { const i = 1 + random(lines.length); lines.splice(i, 0, piece); head = lines.join("").slice(0, -2); break; }
    }
  }
  return head;
}

const METHODS = { 1: "GET", 2: "HEAD", 4: "POST", 8: "DELETE", 16: "OPTIONS" };

function ours(heads) {
  const input = Buffer.concat(heads.flatMap(h => [Buffer.from(`${h.length}\n`), h]));
  const r = spawnSync(path.join(BUILD, "tests/web/http_verdict"), { input, maxBuffer: 1 << 28 });
  const lines = r.stdout.toString("latin1").trimEnd().split("\n");
  assert.equal(lines.length, heads.length);
  return lines.map(l => {
    if (l === "refused") return null;
    const [method, target, length, keep] = l.split(" ");
    return { method: METHODS[method], target, length: Number(length), keep: keep === "1" };
  });
}

async function theirs(server, head, length) {
  return limit(new Promise(done => {
    const s = net.connect(server.address().port, "127.0.0.1");
    server.take = done;
    s.on("error", () => done(null));
    s.on("close", () => done(null));
    s.write(Buffer.concat([head, Buffer.alloc(length, "x")]));
    server.sock = s;
  }).finally(() => server.sock.destroy()), "a verdict of node's");
}

test("5,000 heads: no disagreement with node where both accept", async () => {
  const server = http.createServer({ insecureHTTPParser: false, requireHostHeader: true });
  const take = (q, s) => {
    let n = 0;
    q.on("data", b => { n += b.length; });
    q.on("end", () => server.take({ method: q.method, target: q.url, length: n, keep: s.shouldKeepAlive }));
    q.on("error", () => {});
  };
  server.on("request", take);
  server.on("checkContinue", take);
  server.on("checkExpectation", (q, s) => server.take(null));
  server.on("upgrade", (q, s) => { server.take({ method: q.method, target: q.url, length: Number(q.headers["content-length"] || 0), keep: true }); s.destroy(); });
  server.on("clientError", (e, s) => { server.take(null); s.destroy(); });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  const heads = seeds.map(h => Buffer.from(h, "latin1"));
  while (heads.length < 5000) heads.push(Buffer.from(mutate(seeds[random(seeds.length)]), "latin1"));
  const mine = ours(heads);
  let both = 0;
  for (const [i, head] of heads.entries()) {
    if (!mine[i]) continue;
    const other = await theirs(server, head, mine[i].length);
    if (!other) continue;
    both++;
    const words = JSON.stringify(head.toString("latin1"));
    assert.deepEqual([other.method, other.target, other.length], [mine[i].method, mine[i].target, mine[i].length], words);
    assert.ok(other.keep || !mine[i].keep, "we would stay where node would not: " + words);
  }
  server.closeAllConnections();
  server.close();
  console.log(`# heads ${heads.length}, ours accepts ${mine.filter(Boolean).length}, both ${both}`);
  assert.ok(both > 500 && both < heads.length, `both accept ${both}`);
});
