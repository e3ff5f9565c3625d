/** The page's files: which ones a page loads, which ones the browser caches, and what happens when one is missing. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { hydrated, live, signUp } from "../steps";

/** The files of `/pkg/` that the page loaded, each with the number of bytes transferred over the network. */
async function transferred(page: Page): Promise<Map<string, number>> {
  const entries = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => [new URL(entry.name).pathname, (entry as PerformanceResourceTiming).transferSize] as const),
  );
  return new Map(entries.filter(([path]) => path.startsWith("/pkg/")));
}

/** The extensions of files, sorted. */
function kinds(paths: Iterable<string>): string[] {
  return [...paths].map((path) => path.split(".").pop() ?? "").sort();
}

test("scripts and styles have hashed names and are loaded once", async ({ page }) => {
  const caching = new Map<string, string | undefined>();
  page.on("response", (response) => {
    caching.set(new URL(response.url()).pathname, response.headers()["cache-control"]);
  });
  await signUp(page, "Ada");
  expect(caching.get("/")).toBe("no-store");
  expect(caching.get("/fonts/bricolage-grotesque.woff2")).toBe("no-cache");

  const paths = [...(await transferred(page)).keys()].sort();
  // The WebAssembly of all pages and that of this one, with the JavaScript of each.
  expect(kinds(paths)).toEqual(expect.arrayContaining(["css", "js", "js", "wasm", "wasm"]));
  for (const path of paths) {
    expect(path).toMatch(/^\/pkg\/[\w]+\.[\w-]{22}\.\w+$/);
    expect(caching.get(path)).toBe("public, max-age=31536000, immutable");
  }

  // Another document of the same build loads the same files from the browser's cache.
  await page.reload();
  await live(page);
  const second = await transferred(page);
  expect([...second.keys()].sort()).toEqual(paths);
  for (const [path, bytes] of second) expect(bytes, path).toBe(0);
});

test("the sign-in page loads the timers page's files only while the user types", async ({ page }) => {
  await page.goto("/sign-in");
  await hydrated(page);
  expect(kinds((await transferred(page)).keys())).toEqual(["css"]);
  await page.getByLabel("E-mail").pressSequentially("ada");
  await expect.poll(async () => kinds((await transferred(page)).keys())).toContain("wasm");
  const prefetched = [...(await transferred(page)).keys()];

  await signUp(page, "Ada");
  const used = await transferred(page);
  for (const path of prefetched) expect(used.get(path), path).toBe(0);
});

test("a form is sent once, however often its button is pressed", async ({ page }) => {
  await page.goto("/sign-up");
  await hydrated(page);
  let sent = 0;
  await page.route("**/api/sign-up", async (route) => {
    sent += 1;
    await route.continue();
  });
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).dblclick();
  await live(page);
  expect(sent).toBe(1);
});

test("a page whose WebAssembly cannot be loaded stays readable, and says so", async ({ page, guard }) => {
  await signUp(page, "Ada");
  guard.allow(/Failed to load resource/, /TypeError/, /CompileError/, /WebAssembly/);
  for (const missing of [/\/pkg\/lockstep\.[\w-]+\.wasm$/, /\/pkg\/split_timers\.[\w-]+\.wasm$/, /\/pkg\/lockstep\.[\w-]+\.js$/]) {
    await test.step(`without ${missing}`, async () => {
      let documents = 0;
      page.on("request", (request) => {
        if (request.isNavigationRequest()) documents += 1;
      });
      await page.evaluate(() => sessionStorage.clear());
      await page.route(missing, (route) => route.fulfill({ status: 404 }));
      await page.reload();
      // Not by the text alone, which is visible before the style sheet is loaded.
      await expect(page.locator("html")).toHaveAttribute("data-failed", "true");
      await expect(page.getByText("This page could not be loaded completely")).toBeVisible();
      expect(documents, "it was reloaded once").toBe(2);
      await expect(page.getByText("Nothing is running")).toBeVisible();

      // Once the file is there, the page is complete again.
      await page.unroute(missing);
      await page.getByRole("link", { name: "Try again" }).click();
      await live(page);
      await expect(page.getByText("This page could not be loaded completely")).toBeHidden();
      page.removeAllListeners("request");
    });
  }
});

test.describe("a newer release", () => {
  let site: string;
  test.beforeAll(async () => {
    site = await mkdtemp(join(tmpdir(), "lockstep-site-"));
    await cp(process.env.LEPTOS_SITE_ROOT ?? "", site, { recursive: true });
  });
  test.afterAll(() => rm(site, { recursive: true, force: true }));
  test.use({ env: async ({}, use) => use({ LEPTOS_SITE_ROOT: site }) });

  test("reloads an old page once, but not while something is typed", async ({ page }) => {
    await signUp(page, "Ada");
    let documents = 0;
    page.on("request", (request) => {
      if (request.isNavigationRequest()) documents += 1;
    });
    const look = () => page.evaluate(() => dispatchEvent(new Event("online")));
    const hashes = join(site, "hash.txt");
    const looked = () => page.waitForResponse(/\/hash\.txt$/);

    let answer = looked();
    await look();
    await answer;
    await page.getByLabel("Title").fill("Half a tit");
    // A release build has compressed ones beside it.
    for (const extension of ["br", "gz"]) await rm(`${hashes}.${extension}`, { force: true });
    await writeFile(hashes, (await readFile(hashes, "utf8")).replace(/^css: .*/m, "css: AAAAAAAAAAAAAAAAAAAAAA"));
    answer = looked();
    await look();
    await answer;
    await expect(page.getByLabel("Title")).toHaveValue("Half a tit");
    expect(documents).toBe(0);

    const reloaded = page.waitForEvent("load");
    await page.getByLabel("Title").fill("");
    await page.getByLabel("Title").blur();
    await reloaded;
    await live(page);
    expect(documents).toBe(1);

    // The server was not replaced, so the page is still another build's: it is not reloaded again.
    answer = looked();
    await look();
    await answer;
    await page.getByLabel("Title").fill("Tea");
    await expect(page.getByLabel("Title")).toHaveValue("Tea");
    expect(documents).toBe(1);
  });
});
