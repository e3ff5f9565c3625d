// Measures the timers page of a server with Lighthouse's mobile profile, and prints the scores as a table.
// Usage: node run.mjs <folder of the installed package.json> <url> <folder of the reports> <visits>
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [installed, url, folder, visits] = process.argv.slice(2);
const { resolve } = createRequire(join(installed, "package.json"));
const load = (name) => import(pathToFileURL(resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const { launch } = await load("chrome-launcher");
const { default: puppeteer } = await load("puppeteer-core");

const LEAST = { performance: 95, accessibility: 100, "best-practices": 100 };
/** Visits that Chromium fails to record, as it does now and then, are repeated so often. */
const FAILURES = 3;
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const account = { email: "lighthouse@example.com", password: "correct horse battery" };

/** The cookies of a new session. */
async function session(form) {
  const answer = await fetch(`${url}/v1/auth/${form}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(account),
  });
  if (!answer.ok) throw new Error(`The ${form} was answered with ${answer.status}: ${await answer.text()}`);
  return answer.headers.getSetCookie().map((cookie) => {
    const [name, ...value] = cookie.split(";")[0].split("=");
    const path = /;\s*path=([^;]*)/i.exec(cookie)?.[1] ?? "/";
    return { name, value: value.join("="), domain: new URL(url).hostname, path, httpOnly: true };
  });
}
await session("sign-up");

const runs = [];
let failures = 0;
while (runs.length < Number(visits)) {
  const chrome = await launch({ chromeFlags: FLAGS, chromePath: process.env.CHROME_PATH });
  try {
    // In the browser's own jar, since the page replaces the cookie when it asks for a token; a session for each visit,
    // since a cookie that was replaced counts as stolen.
    const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
    await browser.setCookie(...(await session("sign-in")));
    const options = { port: chrome.port, output: "html", logLevel: "error", onlyCategories: Object.keys(LEAST) };
    const { lhr, report } = await lighthouse(url, options, undefined, await browser.newPage());
    await browser.disconnect();
    if (lhr.runtimeError && ++failures > FAILURES) throw new Error(lhr.runtimeError.message);
    if (lhr.runtimeError) continue;
    await writeFile(join(folder, `lighthouse-${runs.length + 1}.html`), report);
    runs.push(lhr);
  } finally {
    chrome.kill();
  }
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
let failed = false;
for (const [category, least] of Object.entries(LEAST)) {
  const score = median(runs.map((run) => Math.round(run.categories[category].score * 100)));
  failed ||= score < least;
  console.log(`${category.padEnd(28)} ${String(score).padStart(7)}   at least ${least}`);
}
for (const metric of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"]) {
  console.log(`${metric.padEnd(28)} ${String(Math.round(median(runs.map((run) => run.audits[metric].numericValue)))).padStart(7)} ms`);
}
console.log(`${"cumulative-layout-shift".padEnd(28)} ${median(runs.map((run) => run.audits["cumulative-layout-shift"].numericValue)).toFixed(3).padStart(7)}`);
const unmet = new Set();
for (const run of runs) {
  for (const category of Object.values(run.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const audit = run.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 0.9) unmet.add(`${category.id}: ${audit.title}`);
    }
  }
}
for (const audit of unmet) console.log(`  ${audit}`);
process.exitCode = failed ? 1 : 0;
