/**
 * Every page with the data of somebody who has used the app for years: its accessibility (axe), its width, text of twice
 * the size, and without scripts; in both languages and themes, wide and narrow. The pictures are in
 * `end2end/test-results/`, for visual inspection.
 */
import axe from "axe-core";
import type { Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signUp } from "../steps";

const PAGES = ["/", "/history", "/calendar", "/calendar?view=month", "/todos", "/tags", "/friends", "/shared", "/notifications", "/settings"];
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/** What axe finds, each with the first element concerned. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

async function expectNoSidewaysScrolling(page: Page, name: string): Promise<void> {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect.soft(widths[0], `${name} needs no sideways scrolling`).toBeLessThanOrEqual(widths[1] ?? 0);
}

for (const language of ["en", "ko"] as const) {
  test(`every page in ${language} is accessible, in both themes, wide and narrow`, async ({ page, server, guard }, testInfo) => {
    // The seed restarts the server.
    guard.allow(/WebSocket connection/, /ERR_CONNECTION/);
    // Ten pages in four looks each, with the data of years.
    test.setTimeout(400_000);
    const messages: string[] = [];
    await signUp(page, "Ada");
    await server.seed("ada@example.com");
    page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
    const api = await Api.of(page);
    await api.patch("/v1/users/me/preferences", { language });
    const timers = (await api.get("/v1/timers?limit=1")) as unknown as { id: string }[];
    for (const path of [...PAGES, `/timers/${timers[0]?.id}`]) {
      await page.setViewportSize(WIDE);
      await page.goto(path);
      await live(page);
      await page.evaluate(axe.source);
      const name = path.split("/")[1]?.replace(/\W+/g, "-") || "start";
      for (const colorScheme of ["light", "dark"] as const) {
        for (const viewport of [WIDE, NARROW]) {
          const look = `${name}-${language}-${colorScheme}-${viewport.width}`;
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.setViewportSize(viewport);
          expect.soft(await faults(page), look).toEqual([]);
          await expectNoSidewaysScrolling(page, look);
          await page.screenshot({ path: testInfo.outputPath(`${look}.png`) });
        }
      }
      // Text of 200 % (WCAG 2.2, 1.4.4): nothing is cut off to the side.
      await page.setViewportSize(WIDE);
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("html { font-size: 200% }");
        document.adoptedStyleSheets.push(sheet);
      });
      await expectNoSidewaysScrolling(page, `${name} with text of twice the size`);
      await page.screenshot({ path: testInfo.outputPath(`${name}-${language}-twice.png`) });
    }
    // The tests block the service worker (`playwright.config.ts`).
    const unexpected = messages.filter((message) => !message.includes("Service Worker registration blocked"));
    expect(unexpected, "messages on the console").toEqual([]);
  });
}

test("every page is read without scripts", async ({ page, server, open, guard }) => {
  test.slow();
  guard.allow(/WebSocket connection/, /ERR_CONNECTION/);
  await signUp(page, "Ada");
  await server.seed("ada@example.com");
  const timers = (await (await Api.of(page)).get("/v1/timers?limit=1")) as unknown as { id: string; title: string }[];
  const plain = await (await open({ javaScriptEnabled: false, storageState: await page.context().storageState() })).newPage();
  for (const path of [...PAGES, `/timers/${timers[0]?.id}`]) {
    const answer = await plain.goto(path);
    expect(answer?.status(), path).toBe(200);
    await expect(plain.getByRole("heading", { level: 1 }), path).toBeVisible();
    await expect(plain.getByRole("navigation").first().getByRole("link", { name: "Todos" }), path).toBeVisible();
    expect((await plain.getByRole("main").innerText()).length, `the text of ${path}`).toBeGreaterThan(100);
  }
});
