// Debian's Chromium for the tests of pages.  Screenshots go to build/web/screenshots.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = path.join(process.env.top_builddir || ".", "../web/screenshots");
fs.mkdirSync(shots, { recursive: true });

const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });

// A page in a context of its own; what goes wrong on it is kept in problems.
async function newPage(browser, options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.problems = [];
  page.on("pageerror", e => page.problems.push(String(e)));
  page.on("dialog", x => { page.problems.push("dialog: " + x.message()); x.dismiss(); });
  return page;
}

const shot = (page, name) => page.screenshot({ path: path.join(shots, name + ".png") });

async function accessible(page, state) {
  await page.evaluate(axe);
  const r = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert.deepEqual(r.violations.map(v => `${state}: ${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`), []);
}

module.exports = { accessible, launch, newPage, shot };
