/** The page's files: which ones the browser caches by their hashed name, and which ones it requests again. */
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { hydrated } from "../steps";

/** The files of `/pkg/` that the page loaded, each with the number of bytes transferred over the network. */
async function transferred(page: Page): Promise<Map<string, number>> {
  const entries = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => [new URL(entry.name).pathname, (entry as PerformanceResourceTiming).transferSize] as const),
  );
  return new Map(entries.filter(([path]) => path.startsWith("/pkg/")));
}

test("scripts and styles have hashed names and are loaded once", async ({ page }) => {
  const caching = new Map<string, string | undefined>();
  page.on("response", (response) => {
    caching.set(new URL(response.url()).pathname, response.headers()["cache-control"]);
  });
  await page.goto("/sign-in");
  await hydrated(page);
  expect(caching.get("/sign-in")).toBe("no-store");
  expect(caching.get("/fonts/bricolage-grotesque.woff2")).toBe("no-cache");

  const first = await transferred(page);
  const paths = [...first.keys()].sort();
  expect(paths.map((path) => path.split(".").pop()).sort()).toEqual(["css", "js", "wasm"]);
  for (const path of paths) {
    expect(path).toMatch(/^\/pkg\/lockstep\.[\w-]{22}\.\w+$/);
    expect(caching.get(path)).toBe("public, max-age=31536000, immutable");
  }

  // Another page of the same build loads the same files from the browser's cache.
  await page.goto("/sign-up");
  await hydrated(page);
  const second = await transferred(page);
  expect([...second.keys()].sort()).toEqual(paths);
  for (const [path, bytes] of second) expect(bytes, path).toBe(0);
});
