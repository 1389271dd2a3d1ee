// A real daemon for the tests of pages and WebSockets, and what talks to it.
"use strict";
const { spawn, execFile } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");

const TOP = process.env.top_srcdir || path.join(__dirname, "../..");
const BUILD = process.env.top_builddir || path.join(TOP, "build/release");
const LIMIT_MS = 20000;

class Daemon {
  constructor(options = []) {
    this.work = fs.mkdtempSync(path.join(os.tmpdir(), "hangat-web-"));
    this.state = path.join(this.work, "state");
    this.options = options;
    this.port = 0;
  }

  async start() {
    const log = fs.openSync(path.join(this.work, "stderr"), "a");
    this.proc = spawn(path.join(BUILD, "hangatd"), ["--rules", path.join(TOP, "rules"), "--state", this.state, "--tcp", "off",
      "--http", `127.0.0.1:${this.port}`, ...this.options], { stdio: ["ignore", "pipe", log] });
    this.ended = new Promise(done => this.proc.on("exit", done));
    for await (const line of readline.createInterface({ input: this.proc.stdout })) {
      const m = /^listening http 127\.0\.0\.1:(\d+)/.exec(line);
      if (m) this.port = Number(m[1]);
      if (line === "ready") break;
    }
    if (!this.port) throw new Error("hangatd did not start: " + this.log());
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  log() { return fs.readFileSync(path.join(this.work, "stderr"), "utf8"); }

  async kill() {
    this.proc.kill("SIGKILL");
    await this.ended;
  }

  // Ends it; throws when it did not end well.
  async stop() {
    this.proc.kill("SIGTERM");
    const code = await this.ended;
    const log = this.log();
    fs.rmSync(this.work, { recursive: true, force: true });
    if (code !== 0 || /Sanitizer|runtime error/.test(log)) throw new Error(`hangatd ended with ${code}\n${log.slice(-3000)}`);
  }

  // What the database says, first columns as lines; node has no SQLite of its own.
  sql(query) {
    const py = "import sqlite3, sys\nfor row in sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True).execute(sys.argv[2]): print(row[0])";
    return new Promise((done, bad) => execFile("python3", ["-c", py, path.join(this.state, "hangat.db"), query], (e, out) => { if (e) bad(e); else done(out.trim()); }));
  }

  ctl(...args) {
    return new Promise((done, bad) => execFile(path.join(BUILD, "hangatctl"), [args[0], "--state", this.state, ...args.slice(1)],
      (e, out) => e ? bad(e) : done(out.trim())));
  }

  post(where, body, token) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = "Bearer " + token;
    return fetch(this.url + where, { method: "POST", headers, body: JSON.stringify(body) }).then(r => r.json());
  }
}

// A connection that speaks JSON lines, with a queue of what came.
class Agent {
  constructor(socketPath) {
    this.got = [];
    this.waiting = [];
    this.sock = net.connect(socketPath);
    readline.createInterface({ input: this.sock }).on("line", line => {
      this.got.push(JSON.parse(line));
      this.waiting.forEach(f => f());
    });
  }

  send(m) { this.sock.write(JSON.stringify(m) + "\n"); }

  until(fits) {
    const look = () => {
      const at = this.got.findIndex(m => Object.entries(fits).every(([k, v]) => m[k] === v));
      return at < 0 ? null : this.got.splice(0, at + 1).pop();
    };
    return limit(new Promise(done => {
      const f = () => {
        const m = look();
        if (m) done(m);
      };
      this.waiting.push(f);
      f();
    }), "no " + JSON.stringify(fits));
  }

  close() { this.sock.destroy(); }
}

async function agent(daemon, name) {
  const token = await daemon.ctl("agents", "add", name);
  const a = new Agent(path.join(daemon.state, "hangat.sock"));
  a.send({ type: "hello", role: "agent", token });
  await a.until({ type: "queue" });
  return a;
}

function limit(promise, what, ms = LIMIT_MS) {
  let timer;
  return Promise.race([promise, new Promise((_, bad) => { timer = setTimeout(() => bad(new Error(`${what} within ${ms} ms`)), ms); })])
    .finally(() => clearTimeout(timer));
}

async function until(what, name, ms = LIMIT_MS) {
  for (const end = Date.now() + ms; ;) {
    const got = await what();
    if (got) return got;
    if (Date.now() > end) throw new Error(`${name} did not happen within ${ms} ms`);
    await new Promise(done => setTimeout(done, 20));
  }
}

module.exports = { Agent, BUILD, Daemon, TOP, agent, limit, until };
