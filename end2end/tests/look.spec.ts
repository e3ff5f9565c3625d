/**
 * Pictures of every page, light and dark, wide and narrow, in `end2end/test-results/`: for visual inspection. The one for the
 * README is written to `docs/` if LOCKSTEP_SCREENSHOTS is set.
 */
import { join } from "node:path";
import { Api, befriend, prepareLinks } from "../api";
import { expect, test } from "../fixtures";
import { finished, hydrated, live, signUp, start, timer } from "../steps";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [WIDE, NARROW]) {
    const name = `${colorScheme}-${viewport.width}`;
    test(`every page in ${name}`, async ({ open }, testInfo) => {
      const page = await (await open({ colorScheme, viewport })).newPage();
      const shoot = async (of: string) => {
        const widest = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(widest, `${of} needs no sideways scrolling`).toBeLessThanOrEqual(viewport.width);
        await page.screenshot({ path: testInfo.outputPath(`${of}-${name}.png`), fullPage: true });
      };
      await page.goto("/sign-in");
      await hydrated(page);
      await shoot("sign-in");
      await page.goto("/sign-up");
      await hydrated(page);
      await shoot("sign-up");
      await signUp(page, "Ada");
      await shoot("empty");
      await prepareLinks(page);
      const ben = await (await open()).newPage();
      await signUp(ben, "Ben");
      await befriend(await Api.of(page), await Api.of(ben));
      await page.reload();
      await live(page);
      await page.getByTestId("link-summary").click();
      await page.getByLabel("Schedule").selectOption({ index: 1 });
      await page.getByLabel("Todo").selectOption({ index: 1 });
      await page.getByRole("button", { name: "deep" }).click();
      await shoot("choosing");
      await page.getByTestId("link-summary").click();
      await start(page, "Write the first chapter", 25);
      await expect(timer(page, "Write the first chapter").getByTestId("links")).toBeVisible();
      await start(ben, "Piano", 25);
      const run = await start(ben, "Morning run", 30);
      await run.getByRole("button", { name: "Stop" }).click();
      await expect(page.getByTestId("friend")).toHaveCount(2);
      const tea = await start(page, "Tea", 4);
      await tea.getByRole("button", { name: "Pause" }).click();
      for (const [title, minutes] of [["Stand-up", 15], ["Read the mail", 10]] as const) {
        await (await start(page, title, minutes)).getByRole("button", { name: "Stop" }).click();
        await expect(finished(page, title)).toBeVisible();
      }
      await page.mouse.move(0, 0);
      await shoot("timers");
      if (process.env.LOCKSTEP_SCREENSHOTS && viewport === WIDE) {
        await page.screenshot({ path: join(import.meta.dirname, "..", "..", "docs", `timers-${colorScheme}.png`) });
      }
    });
  }
}
