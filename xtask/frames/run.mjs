// Opens the timers page with many running timers, and measures its frames: at rest, and while another device changes them.
// Usage: node run.mjs <folder with Playwright> <url>
import { createRequire } from "node:module";
import { join } from "node:path";

const [installed, url] = process.argv.slice(2);
const { chromium } = createRequire(join(installed, "package.json"))("@playwright/test");

const TIMERS = 500;
/** Commands of the other device, in a second. */
const RATE = 20;
/** The length of each measurement. */
const SECONDS = 15;
/** A frame that comes later than this after the one before, in milliseconds, was drawn too late: at 60 Hz they are 16.7 apart. */
const LATE_MILLIS = 20;
/** The share of frames that may be late, since other programs run on the machine as well. */
const MAY_BE_LATE = 0.01;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ baseURL: url, serviceWorkers: "block" });
const account = { email: "frames@example.com", password: "correct horse battery", display_name: "Ada" };
const grant = await (await context.request.post("/v1/auth/sign-up", { data: account })).json();

// The other device has a connection of its own, in a browser context without the account's cookie.
const device = await (await browser.newContext({ baseURL: url })).newPage();
await device.goto("/sign-in");
const ids = await device.evaluate(
  ({ token, count }) =>
    new Promise((resolve, reject) => {
      const address = `${location.origin.replace("http", "ws")}/v1/ws/timers`;
      const socket = (globalThis.socket = new WebSocket(address, ["lockstep.v1", `authorization.bearer.${token}`]));
      const ids = [];
      const create = () => {
        if (ids.length === count) return resolve(ids);
        const payload = { allocated_duration: 3_600, title: `Timer ${ids.length + 1}` };
        socket.send(JSON.stringify({ type: "timer.create", payload }));
      };
      socket.onmessage = ({ data }) => {
        const { type, payload } = JSON.parse(data);
        if (type === "error") reject(new Error(data));
        if (type === "timer.created") ids.push(payload.timer.id);
        if (type === "connected" || type === "timer.created") create();
      };
    }),
  { token: grant.access_token, count: TIMERS },
);

const page = await context.newPage();
await page.goto("/");
await page.locator('[data-state="live"]').first().waitFor();
const cards = await page.getByTestId("timer").count();
if (cards !== TIMERS) throw new Error(`The page has ${cards} cards of ${TIMERS} timers.`);

/** The times between frames, in milliseconds, sorted, and the page's work on its main thread, in milliseconds a second. */
async function measure() {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const work = async (name) =>
    (await session.send("Performance.getMetrics")).metrics.find((metric) => metric.name === name).value * 1_000;
  const before = await work("TaskDuration");
  const times = await page.evaluate(
    (millis) =>
      new Promise((resolve) => {
        const times = [];
        const frame = (at) => {
          times.push(at);
          if (at - times[0] < millis) requestAnimationFrame(frame);
          else resolve(times);
        };
        requestAnimationFrame(frame);
      }),
    SECONDS * 1_000,
  );
  const busy = ((await work("TaskDuration")) - before) / SECONDS;
  await session.detach();
  return { gaps: times.slice(1).map((at, index) => at - times[index]).sort((a, b) => a - b), busy };
}

/** Pauses and resumes one timer after the other. */
function change() {
  return device.evaluate(
    async ({ ids, rate, seconds }) => {
      for (let number = 0; number < rate * seconds; number++) {
        const payload = { timer_id: ids[Math.floor(number / 2) % ids.length] };
        socket.send(JSON.stringify({ type: number % 2 ? "timer.resume" : "timer.pause", payload }));
        await new Promise((resolve) => setTimeout(resolve, 1_000 / rate));
      }
    },
    { ids, rate: RATE, seconds: SECONDS },
  );
}

let failed = false;
console.log(`${TIMERS} running timers`.padEnd(28), "frames   late     p99 ms   longest   busy ms/s");
for (const [name, changes] of [["at rest", false], [`${RATE} changes a second`, true]]) {
  const [{ gaps, busy }] = await Promise.all([measure(), changes ? change() : undefined]);
  const late = gaps.filter((gap) => gap > LATE_MILLIS).length;
  failed ||= late > gaps.length * MAY_BE_LATE;
  const p99 = gaps[Math.floor(gaps.length * 0.99)];
  const cells = [gaps.length, late, p99.toFixed(1), gaps.at(-1).toFixed(1), busy.toFixed(0)];
  console.log(name.padEnd(28), cells.map((cell, index) => String(cell).padStart([6, 6, 10, 9, 11][index])).join(" "));
}
await browser.close();
if (failed) {
  console.error(`More than ${MAY_BE_LATE * 100} % of the frames came more than ${LATE_MILLIS} ms after the one before.`);
  process.exitCode = 1;
}
