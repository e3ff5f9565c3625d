import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import type { Delay } from "../fixtures/proxy";
import { remaining, signIn, signUp, start, timer } from "../steps";

const CLOCK_SHIFT_MS = 97_000;
/** Seconds that are compared at a time. */
const SECONDS = 5;

/** Sets the clock of a page's device ahead, for everything that the page asks. */
async function shiftClock(page: Page, millis: number): Promise<void> {
  await page.addInitScript((shift) => {
    const origin = performance.timeOrigin;
    Object.assign(window, { trueNow: () => origin + performance.now() });
    const now = Date.now.bind(Date);
    Date = new Proxy(Date, {
      construct: (real, parts: []) => (parts.length > 0 ? new real(...parts) : new real(now() + shift)),
    });
    Date.now = () => now() + shift;
    Object.defineProperty(performance, "timeOrigin", { value: origin + shift });
  }, millis);
}

/** Notes when a card shows each second, in the true time of the machine. */
async function noteSeconds(page: Page, title: string): Promise<void> {
  await remaining(timer(page, title)).evaluate((element) => {
    const { trueNow } = window as unknown as { trueNow: () => number };
    const shown: Record<string, number> = {};
    Object.assign(window, { shown });
    new MutationObserver(() => (shown[element.textContent ?? ""] ??= trueNow())).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
}

const shown = (page: Page) => page.evaluate(() => (window as unknown as { shown: Record<string, number> }).shown);

for (const [name, delay, allowed] of [
  ["of which one is 97 s ahead", {}, 10],
  // The way there takes 60 ms longer than the way back, so the server's clock is known to half of that at best.
  ["over a way that takes 80 ms and back 20", { toServer: 80, fromServer: 20 }, 40],
] as [string, Delay, number][]) {
  test(`two browsers ${name} show each second together`, async ({ page, open, way }) => {
    await shiftClock(page, 0);
    await signUp(page, "Ada");
    await start(page, "Write", 25);
    const { url } = await way(delay);
    const other = await (await open({ baseURL: url })).newPage();
    await shiftClock(other, CLOCK_SHIFT_MS);
    await signIn(other, "Ada");
    for (const device of [page, other]) await noteSeconds(device, "Write");

    // A busy machine paints late now and then, a wrong clock is always wrong: so the middle of some seconds counts, and
    // another few are compared if it is too much.
    const apart = async () => {
      const [here, there] = [await shown(page), await shown(other)];
      const both = Object.keys(here).filter((text) => text in there);
      const differences = both.slice(-SECONDS).map((text) => Math.abs(here[text]! - there[text]!));
      if (differences.length < SECONDS) return Infinity;
      return differences.sort((a, b) => a - b)[Math.floor(SECONDS / 2)]!;
    };
    await expect.poll(apart, { timeout: 40_000, intervals: [1_000] }).toBeLessThanOrEqual(allowed);
    console.log(`shown ${(await apart()).toFixed(1)} ms apart`);
  });
}
