// The desk in a browser: two agents and three customers.
"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, test } = require("node:test");
const zlib = require("node:zlib");
const { accessible, launch, newPage, shot } = require("./browser.js");
const { BUILD, Daemon, TOP, until } = require("./harness.js");

let browser, d;
before(async () => {
  d = await new Daemon(["--lease-s", "5", "--burst-ms", "0"]).start();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await d.stop();
});

async function signIn(name, options) {
  const token = await d.ctl("agents", "add", name);
  const page = await newPage(browser, { locale: "en-GB", ...options });
  await page.goto(d.url + "/desk");
  await page.locator("summary").click();
  await page.locator("#token").fill(token);
  await page.keyboard.press("Enter");
  await page.locator(".top h1", { hasText: name }).waitFor();
  return page;
}

async function customer(name, text) {
  const w = await d.post("/v1/conversations", { name, lang: "id" });
  const say = (words, id) => d.post(`/v1/conversations/${w.conversation}/messages`, { text: words, id }, w.resume);
  for (const [i, words] of [text].flat().entries()) await say(words, "first" + i);
  return { ...w, say, read: () => fetch(`${d.url}/v1/conversations/${w.conversation}/messages`, { headers: { Authorization: "Bearer " + w.resume } }).then(r => r.json()).then(a => a.events) };
}

const rows = page => page.locator("#list li button");
const tab = (page, name) => page.locator("#tab-" + name).click();
const log = (page, text) => page.locator(".log .m", { hasText: text });

async function write(page, text) {
  await page.locator(".write textarea").fill(text);
  await page.keyboard.press("Enter");
  await until(async () => await page.locator(".log .wait").count() === 0, "it is stored");
}

test("the desk is at most 30 KB compressed", () => {
  const all = ["desk.html", "desk.css", "desk.js"].map(f => zlib.gzipSync(fs.readFileSync(path.join(TOP, "src/web", f)), { level: 9 }).length);
  console.log(`# desk: ${all.reduce((a, b) => a + b)} bytes compressed`);
  assert.ok(all.reduce((a, b) => a + b) <= 30720);
});

test("a wrong token is told, and the page accessible", async () => {
  const page = await newPage(browser, { locale: "en-GB" });
  await page.goto(d.url + "/desk");
  await accessible(page, "sign-in");
  await shot(page, "desk-1-sign-in");
  await page.locator("summary").click();
  await page.locator("#token").fill("x".repeat(43));
  await page.keyboard.press("Enter");
  await page.locator(".error", { hasText: "not an agent's" }).waitFor();
  await accessible(page, "refused");
  await page.context().close();
});

test("sign in with a password, reload, sign out", async () => {
  await d.ctl("agents", "add", "Wulan");
  const set = spawnSync(path.join(BUILD, "hangatctl"), ["agents", "--state", d.state, "passwd", "Wulan"], { input: "sandi yang panjang\n", encoding: "utf8" });
  assert.equal(set.status, 0, set.stderr);
  const page = await newPage(browser, { locale: "en-GB" });
  await page.goto(d.url + "/desk");
  await page.locator("#name").fill("Wulan");
  await page.locator("#password").fill("salah sekali!");
  await page.keyboard.press("Enter");
  await page.locator(".error", { hasText: "do not fit" }).waitFor();
  await page.locator("#name").fill("Wulan");
  await page.locator("#password").fill("sandi yang panjang");
  await page.keyboard.press("Enter");
  await page.locator(".top h1", { hasText: "Wulan" }).waitFor();
  assert.equal(await page.evaluate(() => document.cookie), "", "scripts do not see the session");
  await page.reload();
  await page.locator(".top h1", { hasText: "Wulan" }).waitFor();
  await d.kill();
  await d.start();
  await until(async () => (await page.locator(".status").innerText()) === "", "it outlives the daemon", 15000);
  await page.locator(".top button").last().click();
  await page.locator("#name").waitFor();
  await page.reload();
  await page.locator("#name").waitFor();
  await page.context().close();
});

test("two agents and three customers: claim, transfer, lost connection, resolve", async () => {
  const sari = await signIn("Sari"), budi = await signIn("Budi");
  await sari.locator(".empty", { hasText: "Nobody here" }).waitFor();
  const rina = await customer("Rina", ["paketku HG-77012 belum sampai juga padahal udah seminggu", "mau bicara dengan orang"]);
  const joko = await customer("Joko", "PARAH BANGET!!! barang rusak, penipu kalian, aku marah, mau ngomong sama orang!!!");
  const tono = await customer("Tono", "mau bicara dengan orang");
  await until(async () => await rows(sari).count() === 3 && await rows(budi).count() === 3, "three wait, for both");
  assert.match(await rows(sari).first().innerText(), /upset|urgent/, "the angry one is first");
  assert.match(await sari.title(), /^\(3\)/);
  await accessible(sari, "queue");
  await shot(sari, "desk-2-queue");

  await sari.keyboard.press("n"); // the most urgent
  await sari.locator(".bar h2", { hasText: "Joko" }).waitFor();
  await until(async () => await rows(budi).count() === 2, "it is gone from the other's queue");
  await budi.locator("#list li button").first().click();
  await budi.locator(".bar .go").click();
  await budi.locator(".bar h2", { hasText: "Rina" }).waitFor();
  const card = await budi.locator(".card").innerText();
  for (const words of ["needs a person", "HG-77012", "Rina"]) assert.ok(card.includes(words), `${words} is on the card: ${card}`);
  const hint = budi.locator(".hints button").first();
  assert.match(await hint.innerText(), /Budi.*HG-77012/s, "the first line quotes the problem");
  await hint.click();
  await budi.keyboard.press("Enter");
  await until(async () => (await rina.read()).some(e => e.from && e.from.kind === "human" && /HG-77012/.test(e.text)), "Rina has it");
  assert.equal((await rina.say("iya kak betul", "r2")).type, "ack", "the bot is silent");
  await log(budi, "iya kak betul").waitFor();
  await accessible(budi, "conversation");
  await shot(budi, "desk-3-conversation");

  // a note the customer does not see, and over to the colleague
  await budi.locator(".write textarea").blur();
  await budi.keyboard.press("c");
  await budi.locator("dialog input").fill("rak sembilan kosong");
  await accessible(budi, "dialog");
  await budi.keyboard.press("Enter");
  await log(budi, "rak sembilan kosong").waitFor();
  await budi.locator(".bar button", { hasText: "Transfer" }).click();
  await budi.locator("dialog input").first().fill("Sari");
  await budi.keyboard.press("Enter");
  await tab(sari, "mine");
  await until(async () => await rows(sari).count() === 2, "Sari has both");
  await until(async () => await budi.locator(".write").count() === 0, "Budi has it no more");
  assert.ok(!(await rina.read()).some(e => /rak sembilan/.test(e.text || "")), "the note is not shown");

  // a closed laptop: the lease ends, and both are back at the front
  await sari.context().setOffline(true);
  await sari.context().close();
  await until(async () => await rows(budi).count() === 3, "both wait again, before Tono", 12000);
  const order = await rows(budi).allInnerTexts();
  await budi.keyboard.press("n");
  await budi.locator(".bar h2", { hasText: "Joko" }).waitFor();
  assert.match(order[2], /normal/);

  // connection lost and back: the same conversation, nothing twice
  await write(budi, "Maaf ya Kak Joko, aku urus sekarang.");
  await d.kill();
  await budi.locator(".status", { hasText: "Connection lost" }).waitFor();
  await d.start();
  await until(async () => (await budi.locator(".status").innerText()) === "", "it is back", 15000);
  await joko.say("ok ditunggu", "j2");
  await log(budi, "ok ditunggu").waitFor();
  assert.equal(await log(budi, "aku urus sekarang").count(), 1);
  await write(budi, "Sudah beres.");
  await budi.locator(".write textarea").blur();
  await budi.keyboard.press("r");
  await budi.locator("dialog input").fill("dikirim ulang");
  await budi.keyboard.press("Enter");
  await until(async () => (await joko.read()).some(e => e.type === "handoff" && e.state === "resolved"), "resolved");
  await until(async () => await rows(budi).count() === 2, "two are left");
  assert.match(await d.ctl("export", joko.conversation), /dikirim ulang/);
  assert.deepEqual(budi.problems, []);
  await budi.locator(".top button").first().click();
  await accessible(budi, "keys");
  await budi.keyboard.press("Escape");
  assert.ok(tono.conversation);
  await budi.context().close();
});

test("two pages: the widget and the desk", async () => {
  const desk = await signIn("Lia"), shop = await newPage(browser, { locale: "id-ID" });
  await shop.goto(d.url + "/");
  await shop.locator("#person").click();
  await shop.locator("hangat-chat .s", { hasText: "antrean" }).waitFor();
  for (let i = 0; i < 6 && !await shop.locator("hangat-chat .s", { hasText: "Lia" }).count(); i++) { // others may wait before
    await desk.locator(".top h1").click();
    await desk.keyboard.press("n");
    await until(async () => await desk.locator("#tab-mine").innerText() === `Mine (${i + 1})`, "one more is mine");
    await desk.locator(".write textarea").blur();
  }
  await shop.locator("hangat-chat .s", { hasText: "Lia bersamamu" }).waitFor();
  await shop.locator("hangat-chat textarea").fill("halo kak Lia");
  await shop.keyboard.press("Enter");
  await tab(desk, "mine");
  for (const row of await rows(desk).all()) {
    await row.click();
    if (await log(desk, "halo kak Lia").count()) break;
  }
  await log(desk, "halo kak Lia").waitFor();
  await write(desk, "Hai, aku Lia. Ada yang bisa kubantu?");
  await shop.locator("hangat-chat .m", { hasText: "aku Lia" }).waitFor();
  await shot(desk, "desk-5-with-the-widget");
  await shot(shop, "12-with-the-desk");
  await desk.locator(".bar button", { hasText: "Resolve" }).click();
  await desk.keyboard.press("Enter");
  await shop.locator("hangat-chat .stars").waitFor();
  assert.deepEqual([...desk.problems, ...shop.problems], []);
  await desk.context().close();
  await shop.context().close();
});

test("canned replies, a draft that is kept, putting off, who looks, what is done, figures", async () => {
  const page = await signIn("Nia"), other = await signIn("Oki");
  const c = await customer("Putri", ["mau refund HG-5512, uangku 150rb belum balik", "mau bicara dengan orang"]);
  const own = page.locator(`#list li button[data-ticket]`, { hasText: "refund" });
  await own.first().waitFor();
  await other.locator("#list li button", { hasText: "refund" }).first().click();
  await other.locator(".log .m", { hasText: "mau refund" }).waitFor();
  assert.equal(await other.locator(".write").count(), 0, "looked at, not taken");
  await page.locator("#list small", { hasText: "seen by Oki" }).waitFor();
  await accessible(other, "looking");
  await own.first().click();
  await page.locator(".bar .go").click();
  await page.locator(".bar h2", { hasText: "Putri" }).waitFor();
  const facts = await page.locator(".card").innerText();
  for (const words of ["HG-5512", "150000", "refund"]) assert.ok(facts.includes(words), `${words} is on the card: ${facts}`);

  // "/" offers canned replies, filled in for her
  const box = page.locator(".write textarea");
  await box.pressSequentially("/ref");
  const offer = page.locator(".canned button").first();
  await until(async () => await page.locator(".canned button").count() === 1 && /^\/refund .*HG-5512/.test(await offer.innerText()), "only what begins so is offered");
  await accessible(page, "canned");
  await shot(page, "desk-6-canned");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await box.inputValue(), /Refund HG-5512 sudah kuajukan/);

  // the draft outlives the page, and the daemon
  await box.fill("Kak Putri, refund-nya sudah");
  await until(async () => /refund-nya sudah/.test(await d.sql("SELECT text FROM draft")), "the draft is stored");
  await d.kill();
  await d.start();
  await page.reload();
  await tab(page, "mine");
  await rows(page).first().click();
  await until(async () => await page.locator(".write textarea").inputValue() === "Kak Putri, refund-nya sudah", "the draft is back");
  await page.keyboard.press("Enter");
  await until(async () => (await c.read()).some(e => e.from && e.from.kind === "human" && /refund-nya sudah/.test(e.text)), "Putri has it");
  assert.equal(await d.sql("SELECT count(*) FROM draft"), "0");

  // put off, and back when she writes
  await page.locator(".write textarea").blur();
  await page.keyboard.press("s");
  await page.locator("dialog input").fill("45");
  await page.keyboard.press("Enter");
  await tab(page, "all");
  await page.locator("#list small", { hasText: "put off" }).waitFor();
  await c.say("kak masih lama?", "p2");
  await until(async () => await page.locator("#list small", { hasText: "put off" }).count() === 0, "it is in the queue again");
  await page.locator("#list li button", { hasText: "for you" }).click();
  await page.locator(".bar .go", { hasText: "Take" }).click();
  await page.locator(".write textarea").waitFor();
  await page.locator(".write textarea").blur();
  await page.keyboard.press("r");
  await page.locator("dialog input").fill("dana kembali");
  await page.keyboard.press("Enter");
  await until(async () => (await c.read()).some(e => e.state === "resolved"), "resolved");
  await d.post(`/v1/conversations/${c.conversation}/messages`, { type: "feedback", rating: 5 }, c.resume).catch(() => {});

  // what is done can be read; figures of the day
  await tab(page, "done");
  const done = page.locator("#list li button", { hasText: "dana kembali" });
  await done.click();
  await page.locator(".log .m", { hasText: "refund-nya sudah" }).waitFor();
  assert.equal(await page.locator(".write").count(), 0);
  await accessible(page, "done");
  await page.locator("h1").click();
  await page.keyboard.press("d");
  await page.locator("dialog dt", { hasText: "Resolved" }).waitFor();
  await accessible(page, "figures");
  await shot(page, "desk-7-figures");
  await page.keyboard.press("Escape");
  assert.deepEqual([...page.problems, ...other.problems], []);
  await page.context().close();
  await other.context().close();
});

test("a page out of sight calls, and only for what is new or mine", async () => {
  const page = await signIn("Rani");
  await page.evaluate(() => {
    window.called = [];
    Object.defineProperty(document, "hidden", { get: () => true });
    window.Notification = class {
      static get permission() { return "granted"; }
      constructor(title, { body }) { window.called.push(title + " " + body); }
    };
  });
  const c = await customer("Sinta", "mau bicara dengan orang");
  await until(async () => (await page.evaluate(() => window.called)).some(x => x.startsWith("Somebody is waiting t_")), "called for a new ticket");
  const n = (await page.evaluate(() => window.called)).length;
  await c.say("halo?", "s2"); // still with the bot: no call
  await tab(page, "waiting");
  await rows(page).filter({ hasText: "t_" }).last().click();
  await page.locator(".bar .go").click();
  await page.locator(".write textarea").waitFor();
  assert.equal((await page.evaluate(() => window.called)).length, n);
  await c.say("ada orang?", "s3");
  await until(async () => (await page.evaluate(() => window.called)).some(x => x.startsWith("New message t_")), "called for what is mine");
  await page.context().close();
});

test("a supervisor takes over", async () => {
  const token = await d.ctl("agents", "add", "Bos", "--supervisor");
  const ani = await signIn("Ani"), boss = await newPage(browser, { locale: "id-ID" });
  await boss.goto(d.url + "/desk");
  await boss.locator("summary").click();
  await boss.locator("#token").fill(token);
  await boss.keyboard.press("Enter");
  await boss.locator(".top h1", { hasText: "Bos" }).waitFor();
  await customer("Wira", ["nomor pesanan HG-9090", "mau bicara dengan orang"]);
  await ani.locator("#list li button", { hasText: "Wira" }).click();
  await ani.locator(".bar .go").click();
  await ani.locator(".bar h2", { hasText: "Wira" }).waitFor();
  await tab(boss, "all");
  await boss.locator("#list small", { hasText: "oleh Ani" }).first().click();
  await boss.locator(".bar button", { hasText: "Ambil alih" }).click();
  await boss.locator(".write textarea").waitFor();
  await until(async () => await ani.locator(".write").count() === 0, "Ani has it no more");
  await boss.context().close();
  await ani.context().close();
});

test("a phone", async () => {
  const page = await signIn("Ayu", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await customer("Gita", "mau bicara dengan orang");
  await rows(page).first().click();
  await page.locator(".bar .go").click();
  await page.locator(".write textarea").waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 390);
  await accessible(page, "phone");
  await shot(page, "desk-4-phone");
  await page.locator(".bar .about").click();
  await page.locator(".card.shown h2").waitFor();
  await page.locator(".card .about").click();
  await page.locator(".back").click();
  await tab(page, "mine");
  await rows(page).first().click();
  await page.locator(".bar button", { hasText: "To the bot" }).click();
  await until(async () => await page.locator(".write").count() === 0, "it is given back");
  await page.context().close();
});

test("what customers and colleagues write is text", async () => {
  const page = await signIn("Dewi");
  const bad = "<img src=x onerror=\"window.xss=1\"><script>window.xss=1</script>\u001b[31m";
  const c = await customer(bad.slice(0, 60), "mau bicara dengan orang");
  await until(async () => await rows(page).count() > 0, "somebody waits");
  for (let i = 0; i < 5 && !await page.locator(".bar h2", { hasText: "<img" }).count(); i++) {
    await page.locator("h1").click();
    await page.keyboard.press("n");
    await until(async () => await page.locator("#tab-mine").innerText() === `Mine (${i + 1})`, "one more is mine");
    await page.locator(".write textarea").blur();
  }
  await page.locator("#list").click({ position: { x: 5, y: 5 } });
  await tab(page, "mine");
  for (const row of await rows(page).all()) {
    await row.click();
    if (await page.locator(".bar h2", { hasText: "<img" }).count()) break;
  }
  await c.say(bad, "x");
  await log(page, "<script>").waitFor();
  assert.equal(await page.evaluate(() => window.xss), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll(".talk img, .talk script, .card img").length), 0);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
