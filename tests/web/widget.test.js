// The widget in Debian's Chromium, on the demo page and on a strict page of
// another origin.
"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const { createHmac } = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { after, before, test } = require("node:test");
const zlib = require("node:zlib");
const { accessible, launch, newPage, shot } = require("./browser.js");
const { Daemon, TOP, agent, until } = require("./harness.js");


let browser, d, shop;

before(async () => {
  // a shop's page: everything that is not named is forbidden
  shop = http.createServer((q, r) => {
    const ws = d.url.replace("http", "ws");
    const page = q.url.startsWith("/strict")
      ? { "Content-Security-Policy": `default-src 'none'; script-src 'self' ${d.url}; connect-src ${d.url} ${ws}; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'` }
      : {};
    r.writeHead(200, { "Content-Type": q.url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8", ...page });
    if (q.url === "/early.js") {
      r.end(`window.hangat = []; window.got = []; window.broken = [];
        document.addEventListener("securitypolicyviolation", e => broken.push(e.violatedDirective + " " + e.blockedURI));
        hangat.push(["on", "ready", () => got.push("ready")], ["on", "message", m => got.push("message " + m.from.kind)], ["on", "open", () => got.push("open")],
          ["on", "close", () => got.push("close")], ["on", "handoff", m => got.push("handoff " + m.state)], ["on", "unread", n => got.push("unread " + n)]);`);
      return;
    }
    const rtl = q.url.includes("rtl") ? ' dir="rtl"' : "";
    const opts = new URL(q.url, "http://x").searchParams.get("opts") || "";
    r.end(`<!doctype html><html lang="en"${rtl}><title>A shop</title><meta name="viewport" content="width=device-width, initial-scale=1">
      <script src="/early.js"></script><script src="${d.url}/widget.js" async ${opts}></script><main><h1>A shop</h1><p>Shoes and bags.</p></main></html>`);
  });
  await new Promise(done => shop.listen(0, "127.0.0.1", done));
  shop.url = `http://127.0.0.1:${shop.address().port}`;
  d = await new Daemon(["--origins", shop.url]).start();
  browser = await launch();
});
after(async () => {
  await browser.close();
  shop.close();
  await d.stop();
});

// A page with the widget.
async function visit(url, options) {
  const page = await newPage(browser, options);
  await page.goto(url);
  await page.waitForSelector("hangat-chat", { state: "attached" });
  return page;
}
const open = page => page.locator("hangat-chat .go").click();
async function say(page, text) {
  await page.locator("hangat-chat textarea").fill(text);
  await page.keyboard.press("Enter");
}
const bubble = (page, text) => page.locator("hangat-chat .m:not(.me)", { hasText: text });
const mine = (page, text) => page.locator("hangat-chat .me", { hasText: text });
const status = page => page.locator("hangat-chat .s");
const saved = page => page.evaluate(k => JSON.parse(localStorage.getItem(k)), "hangat:" + d.url);
// The agent takes this page's conversation.
async function claim(a, page) {
  const [conversation] = (await saved(page)).token.split(".");
  const t = await a.until({ type: "ticket", conversation });
  a.send({ type: "claim", id: "c", ticket: t.ticket });
  return a.until({ type: "claimed" });
}

test("widget.js is at most 12 KB compressed", () => {
  const n = zlib.gzipSync(fs.readFileSync(path.join(TOP, "src/web/widget.js")), { level: 9 }).length;
  console.log(`# widget.js: ${n} bytes compressed`);
  assert.ok(n <= 12288, `${n} bytes`);
});

test("the pages' scripts pass the type checker", () => {
  const tsc = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const r = spawnSync(tsc, ["--noEmit", "--allowJs", "--checkJs", "--strict", "false", "--target", "es2022", "--lib", "dom,dom.iterable,es2022",
    path.join(TOP, "tests/web/pages.d.ts"), path.join(TOP, "src/web/widget.js"), path.join(TOP, "src/web/demo.js"), path.join(TOP, "src/web/desk.js")], { encoding: "utf8" });
  assert.equal(r.status, 0, r.stdout + r.stderr);
});

test("the demo page: a question, its answer, and who answered", async () => {
  const page = await visit(d.url + "/");
  await accessible(page, "closed");
  await shot(page, "1-closed");
  await page.locator("#ask").click();
  await bubble(page, "Rp").waitFor();
  assert.match(await page.locator("hangat-chat .hello").innerText(), /bot/);
  assert.match(await page.locator("hangat-chat .w").first().innerText(), /Hani · bot/);
  assert.equal(await page.locator("hangat-chat .wait").count(), 0);
  await accessible(page, "open");
  await shot(page, "2-open");
  assert.match(await page.locator("#line").innerText(), /widget\.js" async/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a reply comes after typing dots, bubble by bubble", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "where is your shop and when are you open?");
  await page.locator("hangat-chat .d:not([hidden])").waitFor();
  await bubble(page, /./).first().waitFor();
  await until(async () => await page.locator("hangat-chat .d:not([hidden])").count() === 0, "the dots to end");
  await page.context().close();
});

test("quick replies answer a question of the bot's", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "I need the bill for the refund");
  const first = page.locator("hangat-chat .q button").first();
  await first.waitFor();
  await accessible(page, "quick replies");
  await shot(page, "3-quick-replies");
  await first.click();
  await until(async () => await page.locator("hangat-chat .me").count() === 2, "the answer is said");
  await until(async () => await page.locator("hangat-chat .m:not(.me):not(.d)").count() >= 2, "a reply to it");
  assert.ok(await page.evaluate(() => document.querySelector("hangat-chat").shadowRoot.activeElement.tagName === "TEXTAREA"));
  await page.context().close();
});

test("waiting for a person, with one, and the rating after", async () => {
  const sari = await agent(d, "Sari");
  const page = await visit(shop.url + "/strict");
  await open(page);
  await page.locator("hangat-chat .h button").first().click(); // talk to a person
  await status(page).filter({ hasText: /number \d+ in line/ }).waitFor();
  await until(async () => await page.locator("hangat-chat .d:not([hidden])").count() === 0, "the dots to end");
  await accessible(page, "waiting");
  await shot(page, "4-waiting");
  const { ticket, generation } = await claim(sari, page);
  await page.locator("hangat-chat .e", { hasText: "Sari joined" }).waitFor();
  await status(page).filter({ hasText: "Sari is with you" }).waitFor();
  sari.send({ type: "typing", ticket, generation });
  await status(page).filter({ hasText: "Sari is typing" }).waitFor();
  sari.send({ type: "message", id: "m", ticket, generation, text: "Hi, Sari here. I see your parcel." });
  await bubble(page, "Sari here").waitFor();
  assert.match(await page.locator("hangat-chat .w").last().innerText(), /Sari · person/);
  await say(page, "oh good");
  await sari.until({ type: "message", text: "oh good" });
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "it is confirmed");
  await accessible(page, "with a person");
  await shot(page, "5-person");
  sari.send({ type: "resolve", id: "r", ticket, generation });
  await page.locator("hangat-chat .stars").waitFor();
  await accessible(page, "rating");
  await shot(page, "6-rating");
  await page.locator("hangat-chat .stars button").nth(3).click();
  await page.locator("hangat-chat .rate input").fill("quick and kind");
  await page.keyboard.press("Enter");
  await page.locator("hangat-chat .e", { hasText: "we read every word" }).waitFor();
  const [id] = (await saved(page)).token.split(".");
  await until(async () => /quick and kind/.test(await d.ctl("export", id)), "the rating is stored");
  assert.deepEqual(await page.evaluate(() => window.broken), [], "violations of the policy");
  assert.deepEqual(page.problems, []);
  const got = await page.evaluate(() => window.got);
  for (const e of ["ready", "open", "message bot", "message human", "handoff waiting", "handoff held", "handoff resolved"]) assert.ok(got.includes(e), `${e} in ${got}`);
  sari.close();
  await page.context().close();
});

test("the daemon dies and comes back: nothing is lost or doubled", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await d.kill();
  await status(page).filter({ hasText: "Connection lost" }).waitFor();
  await say(page, "and on sundays?");
  await say(page, "thank you so much");
  assert.equal(await page.locator("hangat-chat .wait").count(), 2);
  await d.start();
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "both are confirmed", 40000);
  await until(async () => await status(page).innerText() === "", "no more offline");
  const { token } = await saved(page);
  const [id] = token.split(".");
  const { events } = await fetch(`${d.url}/v1/conversations/${id}/messages?after=0`, { headers: { Authorization: "Bearer " + token } }).then(r => r.json());
  const said = events.filter(e => e.type === "message" && e.from.kind === "customer").map(e => e.text);
  assert.deepEqual(said, ["what are your opening hours?", "and on sundays?", "thank you so much"]);
  assert.equal(await page.locator("hangat-chat .me").count(), 3);
  await page.context().close();
});

test("after sleep, what was said meanwhile is there, once; a reload shows it again", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "hello there");
  await bubble(page, /./).first().waitFor();
  const token = (await saved(page)).token;
  const [id] = token.split(".");
  await page.context().setOffline(true);
  await status(page).filter({ hasText: "Connection lost" }).waitFor();
  for (const text of ["what are your opening hours", "do you open on sundays"]) await d.post(`/v1/conversations/${id}/messages`, { text, id: text }, token);
  await page.context().setOffline(false);
  await mine(page, "open on sundays").waitFor();
  await until(async () => await status(page).innerText() === "", "it is back");
  assert.equal(await mine(page, "open").count(), 2);
  assert.equal(await mine(page, "hello there").count(), 1);
  await page.reload();
  await open(page);
  await mine(page, "open on sundays").waitFor();
  assert.equal(await mine(page, "hello there").count(), 1);
  assert.match(await page.locator("hangat-chat .hello").innerText(), /bot/);
  await page.context().close();
});

test("what is written offline is kept, also over a reload, and sent once", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "hi");
  await bubble(page, /./).first().waitFor();
  await page.context().setOffline(true);
  await say(page, "written in a tunnel");
  await page.locator("hangat-chat .wait").waitFor();
  await shot(page, "7-offline");
  await page.evaluate(() => {}); // still alive
  await page.context().setOffline(false);
  await page.reload();
  await open(page);
  await mine(page, "written in a tunnel").waitFor();
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "it is confirmed");
  await until(async () => await mine(page, "written in a tunnel").count() === 1, "once");
  await page.context().close();
});

test("two tabs have one conversation", async () => {
  const page = await visit(shop.url + "/plain");
  await open(page);
  await say(page, "first tab here");
  await bubble(page, /./).first().waitFor();
  const second = await page.context().newPage();
  await second.goto(shop.url + "/plain");
  await second.waitForSelector("hangat-chat", { state: "attached" });
  await open(second);
  await mine(second, "first tab here").waitFor();
  await say(second, "second tab here");
  await mine(page, "second tab here").waitFor();
  await page.context().close();
});

// None ever opens, as behind a proxy that knows only HTTP.
const withoutWebSockets = page => page.addInitScript(() => {
  window.WebSocket = class {
    static get OPEN() { return 1; }
    constructor() { setTimeout(() => this.onclose && this.onclose({}), 5); }
    close() {}
    send() { throw new Error("not open"); }
  };
});

test("without WebSockets a stream does it", async () => {
  const page = await newPage(browser);
  await withoutWebSockets(page);
  await page.goto(shop.url + "/strict");
  await page.waitForSelector("hangat-chat", { state: "attached" });
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "it is confirmed");
  for (const text of ["where is your shop", "how do I pay", "thank you"]) await page.evaluate(x => window.hangat.say(x), text);
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "all are confirmed");
  const { token } = await saved(page);
  const { events } = await fetch(`${d.url}/v1/conversations/${token.split(".")[0]}/messages`, { headers: { Authorization: "Bearer " + token } }).then(r => r.json());
  assert.deepEqual(events.filter(e => e.from && e.from.kind === "customer").slice(-3).map(e => e.text), ["where is your shop", "how do I pay", "thank you"]);
  const sari = await agent(d, "Sri");
  await say(page, "I want to talk to a person");
  await status(page).filter({ hasText: "in line" }).waitFor();
  const { ticket, generation } = await claim(sari, page);
  sari.send({ type: "message", id: "m", ticket, generation, text: "Sri here" });
  await bubble(page, "Sri here").waitFor();
  await say(page, "lovely");
  await sari.until({ type: "message", text: "lovely" });
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "it is confirmed");
  assert.deepEqual(await page.evaluate(() => window.broken), []);
  sari.send({ type: "return_to_bot", id: "r", ticket, generation });
  await sari.until({ re: "r" });
  assert.equal(await page.locator("hangat-chat .stars").count(), 0, "no rating when it was not resolved");
  sari.close();
  await page.context().close();
});

test("where a proxy holds streams back, long polls do it", async () => {
  const page = await newPage(browser);
  await withoutWebSockets(page);
  let streams = 0, polls = 0;
  await page.route(/\/stream\?/, () => { streams++; }); // never answered
  page.on("request", r => { if (r.url().includes("wait_ms=")) polls++; });
  await page.goto(shop.url + "/strict");
  await page.waitForSelector("hangat-chat", { state: "attached" });
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "it is confirmed");
  const sari = await agent(d, "Tuti");
  await say(page, "I want to talk to a person");
  await status(page).filter({ hasText: "in line" }).waitFor();
  const { ticket, generation } = await claim(sari, page);
  for (const text of ["Tuti here", "first line", "second line"]) sari.send({ type: "message", id: text, ticket, generation, text });
  for (const text of ["Tuti here", "first line", "second line"]) await bubble(page, text).waitFor();
  assert.equal(await bubble(page, "Tuti here").count(), 1);
  assert.equal(streams, 1, "the stream was tried once");
  assert.ok(polls > 1, "then it polled");
  assert.deepEqual(await page.evaluate(() => window.broken), []);
  sari.close();
  await page.context().close();
});

test("keyboard alone", async () => {
  const page = await visit(shop.url + "/plain");
  const focus = () => page.evaluate(() => {
    const e = document.querySelector("hangat-chat").shadowRoot.activeElement;
    return e ? e.getAttribute("aria-label") || e.textContent : "";
  });
  await page.keyboard.press("Tab");
  assert.equal(await focus(), "Open chat");
  await page.keyboard.press("Enter");
  assert.equal(await focus(), "Write a message…");
  await page.keyboard.type("hello");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("again");
  await page.keyboard.press("Enter");
  await mine(page, "hello\nagain").waitFor();
  await bubble(page, /./).first().waitFor();
  const order = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Shift+Tab");
    order.push(await focus());
  }
  assert.deepEqual(order.slice(0, 3), ["Conversation", "Close chat", "Talk to a person"]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("hangat-chat .p").isHidden());
  assert.match(await focus(), /^Open chat/);
  await page.context().close();
});

test("a phone: the whole screen, 16 px, 44 px", async () => {
  const page = await visit(shop.url + "/plain", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  const r = await page.evaluate(() => {
    const root = document.querySelector("hangat-chat").shadowRoot, p = root.querySelector(".p").getBoundingClientRect();
    return { panel: [p.x, p.y, p.width, p.height], font: getComputedStyle(root.querySelector("textarea")).fontSize, wide: document.documentElement.scrollWidth,
      small: [...root.querySelectorAll("button,textarea,input,a")].map(e => [e.getAttribute("aria-label") || e.textContent, e.getBoundingClientRect()])
        .filter(([, b]) => b.width && (b.width < 44 || b.height < 44)).map(([n, b]) => `${n} ${b.width}x${b.height}`) };
  });
  assert.deepEqual(r, { panel: [0, 0, 390, 844], font: "16px", wide: 390, small: [] });
  await accessible(page, "phone");
  await shot(page, "8-phone");
  await page.context().close();
});

test("dark, right to left, and zoomed to 200%", async () => {
  const page = await visit(shop.url + "/plain-rtl", { colorScheme: "dark", viewport: { width: 640, height: 480 } }); // 1280x960 at 200%
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await until(async () => await page.locator("hangat-chat .d:not([hidden])").count() === 0, "the dots to end");
  const r = await page.evaluate(() => {
    const host = document.querySelector("hangat-chat"), b = host.shadowRoot.querySelector(".me").getBoundingClientRect(), p = host.shadowRoot.querySelector(".p").getBoundingClientRect();
    return { theme: host.dataset.theme, dir: host.dir, mineIsLeft: b.left - p.left < p.right - b.right, fits: p.top >= 0 && p.bottom <= innerHeight };
  });
  assert.deepEqual(r, { theme: "dark", dir: "rtl", mineIsLeft: true, fits: true });
  await accessible(page, "dark");
  await shot(page, "9-dark-rtl");
  await page.context().close();
});

test("the page is not moved", async () => {
  const page = await visit(shop.url + "/plain");
  await page.evaluate(() => {
    window.shifts = 0;
    new PerformanceObserver(l => { window.shifts += l.getEntries().filter(e => !e.hadRecentInput).length; }).observe({ type: "layout-shift", buffered: true });
  });
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await page.keyboard.press("Escape");
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.evaluate(() => window.shifts), 0);
  await page.context().close();
});

test("the page's calls, before and after loading", async () => {
  const page = await visit(shop.url + "/plain?opts=" + encodeURIComponent('data-lang="id" data-title="Toko Rina" data-position="left" data-color="#7a2e0b"'));
  assert.equal(await page.locator("hangat-chat .go").getAttribute("aria-label"), "Buka obrolan");
  const call = (...args) => page.evaluate(a => window.hangat[a[0]](...a.slice(1)), args);
  await call("toggle");
  assert.equal(await page.locator("hangat-chat h2").innerText(), "Toko Rina");
  await call("say", "jam buka toko?");
  await bubble(page, /./).first().waitFor();
  await call("setLocale", "en");
  assert.equal(await page.locator("hangat-chat textarea").getAttribute("placeholder"), "Write a message…");
  await call("close");
  const before = (await page.evaluate(() => window.got)).filter(x => x.startsWith("unread")).length;
  await call("say", "makasih ya");
  await page.locator("hangat-chat .n:not([hidden])").waitFor();
  assert.ok((await page.evaluate(() => window.got)).filter(x => x.startsWith("unread")).length > before);
  await shot(page, "10-unread");
  await call("open");
  assert.ok(await page.locator("hangat-chat .n").isHidden());
  await call("hide");
  assert.ok(await page.locator("hangat-chat").isHidden());
  await call("show");
  const token = (await saved(page)).token;
  await call("reset");
  assert.equal(await page.locator("hangat-chat .me").count(), 0);
  await call("open");
  await call("say", "halo lagi");
  await bubble(page, /./).first().waitFor();
  assert.notEqual((await saved(page)).token, token);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the next customer of a browser does not see the last one's conversation", async () => {
  const key = await d.ctl("secret");
  const signed = id => ({ id, signature: createHmac("sha256", key).update(id).digest("hex"), name: id });
  const page = await visit(shop.url + "/plain");
  await page.evaluate(u => window.hangat.setUser(u), signed("cust-a"));
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor();
  await page.evaluate(u => window.hangat.setUser(u), signed("cust-b"));
  assert.equal(await page.locator("hangat-chat .me").count(), 0);
  await say(page, "do you have vouchers?");
  await bubble(page, /./).first().waitFor();
  assert.match(await d.ctl("export", "cust-b"), /vouchers/);
  assert.doesNotMatch(await d.ctl("export", "cust-b"), /opening hours/);
  await page.reload(); // nobody is signed in now
  await open(page);
  assert.equal(await page.locator("hangat-chat .me").count(), 0);
  await page.context().close();
});

test("a product that is asked for comes as a card that says who paid", async () => {
  const page = await newPage(browser);
  await page.goto(shop.url + "/strict");
  await page.waitForSelector("hangat-chat", { state: "attached" });
  await open(page);
  await say(page, "is the botol minum in stock?");
  const card = page.locator("hangat-chat .card");
  await card.waitFor();
  assert.match(await card.innerText(), /Sponsored by PT Tirta Hangat[^]*Botol Minum[^]*Rp89\.000/);
  assert.equal(await card.locator("a").getAttribute("href"), "https://tokohangat.example/botol-minum");
  await page.context().close();
});

test("product cards show who paid, and only web addresses are links", async () => {
  const page = await newPage(browser);
  const cards = [{ title: "Canvas bag", text: "Holds a laptop.", price: "Rp129.000", url: "https://shop.example/bag", sponsor: "Kanvas Jaya" },
    { title: "Linen shirt", url: "javascript:window.xss=1" }];
  await page.routeWebSocket(/\/v1\/chat/, ws => { // what a shop's rules would send
    const server = ws.connectToServer();
    server.onMessage(text => {
      const m = JSON.parse(text);
      ws.send(JSON.stringify(m.intent ? { ...m, cards } : m));
    });
  });
  await page.goto(shop.url + "/strict");
  await page.waitForSelector("hangat-chat", { state: "attached" });
  await open(page);
  await say(page, "what are your opening hours?");
  const card = page.locator("hangat-chat .card");
  await card.nth(1).waitFor();
  assert.match(await card.first().innerText(), /Sponsored by Kanvas Jaya[^]*Canvas bag[^]*Rp129\.000/);
  assert.equal(await card.first().locator("a").getAttribute("href"), "https://shop.example/bag");
  assert.equal(await card.nth(1).locator("a").count(), 0);
  await accessible(page, "cards");
  await shot(page, "11-cards");
  await page.context().close();
});

test("a wrong signature does not make a storm", async () => {
  const page = await visit(shop.url + "/plain");
  let sockets = 0;
  page.on("websocket", () => { sockets++; });
  await page.evaluate(() => window.hangat.setUser({ id: "cust-a", signature: "0".repeat(64), name: "A" }));
  await open(page);
  await say(page, "what are your opening hours?");
  await bubble(page, /./).first().waitFor(); // as nobody known
  assert.ok(sockets <= 3, `${sockets} connections`);
  await page.context().close();
});

// 200 ways to be more than text: vectors, each in some wrappings.
function payloads() {
  const run = "window.xss=1;alert(1)";
  const vectors = [`<script>${run}</script>`, `<img src=x onerror="${run}">`, `<svg onload="${run}">`, `<svg><script>${run}</script></svg>`, `<iframe srcdoc="<script>parent.xss=1</script>">`,
    `<iframe src="javascript:${run}">`, `<a href="javascript:${run}">x</a>`, `<body onload="${run}">`, `<input autofocus onfocus="${run}">`, `<details open ontoggle="${run}">`,
    `<video><source onerror="${run}"></video>`, `<audio src=x onerror="${run}">`, `<math><mtext><style><img src=x onerror="${run}"></style></mtext></math>`, `<object data="javascript:${run}">`,
    `<embed src="javascript:${run}">`, `<form action="javascript:${run}"><button>x</button></form>`, `<meta http-equiv=refresh content="0;url=javascript:${run}">`, `<link rel=stylesheet href="javascript:${run}">`,
    `<style>@import 'javascript:${run}';</style>`, `<div style="background:url(javascript:${run})">`, `{{constructor.constructor('${run}')()}}`, "${" + run + "}", `javascript:${run}`, `data:text/html,<script>${run}</script>`,
    `<template><img src=x onerror="${run}"></template>`];
  const wraps = [v => v, v => `">${v}`, v => `'>${v}`, v => `</textarea>${v}`, v => `<!--${v}-->${v}`, v => v.toUpperCase(), v => v.replace(/</g, "&lt;"), v => `\u202e${v}\u2028`];
  return wraps.flatMap(w => vectors.map(w));
}

test("200 payloads are text, from the customer and from the desk", async () => {
  const all = payloads();
  assert.equal(all.length, 200);
  const sari = await agent(d, "<b onclick=alert(1)>Rudi");
  const page = await visit(shop.url + "/plain"); // no policy that would help
  await open(page);
  await say(page, "I want to talk to a person");
  await status(page).filter({ hasText: "in line" }).waitFor();
  const { ticket, generation } = await claim(sari, page);
  await status(page).filter({ hasText: "with you" }).waitFor();
  await page.evaluate(list => { for (const p of list) window.hangat.say(p); }, all);
  for (const [i, text] of all.entries()) sari.send({ type: "message", id: "p" + i, ticket, generation, text });
  await until(async () => await page.locator("hangat-chat .m:not(.me):not(.d)").count() >= 201, "all of the desk's");
  await until(async () => await page.locator("hangat-chat .wait").count() === 0, "all of ours");
  const r = await page.evaluate(() => {
    const root = document.querySelector("hangat-chat").shadowRoot;
    return { xss: window.xss, tags: [...new Set([...root.querySelector(".l").querySelectorAll("*")].map(e => e.tagName))].sort(), texts: [...root.querySelectorAll(".me")].map(e => e.lastChild.data) };
  });
  assert.equal(r.xss, undefined);
  assert.deepEqual(r.tags, ["DIV", "I", "P", "SPAN"]);
  assert.deepEqual(r.texts.slice(1), all.map(p => p.trim()));
  assert.deepEqual(page.problems, []);
  sari.close();
  await page.context().close();
});
