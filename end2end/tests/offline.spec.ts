/** Pages without a network: what the service worker keeps, what it shows, and what it leaves alone. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { connection, hydrated, live, remaining, signIn, signUp, start, timer } from "../steps";

// The server is down in these tests, so the page's requests fail.
const NETWORK = [/WebSocket connection/, /ERR_CONNECTION/, /ERR_FAILED/, /Failed to load resource/];

test.use({ serviceWorkers: "allow" });

/** The document of an address as it is kept; empty if it is not. */
function document(page: Page, address: string): Promise<string> {
  return page.evaluate(async (address) => {
    const response = await caches.match(address, { cacheName: "lockstep-documents" });
    return response ? response.text() : "";
  }, address);
}

/** Waits until the page is kept with this text. */
async function kept(page: Page, address: string, text: string): Promise<void> {
  await expect.poll(() => document(page, address), { timeout: 40_000 }).toContain(text);
}

/** The paths and queries of all that is cached, with the text of each; the site's files have none here. */
function cached(page: Page): Promise<[string, string][]> {
  return page.evaluate(async () => {
    const entries: [string, string][] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const { pathname, search } = new URL(request.url);
        if (pathname.startsWith("/pkg/")) {
          entries.push([pathname, ""]);
          continue;
        }
        // A cache may be deleted meanwhile.
        entries.push([pathname + search, (await (await cache.match(request))?.text()) ?? ""]);
      }
    }
    return entries;
  });
}

/** The paths that the service worker of the server lists. */
async function listed(page: Page): Promise<string[]> {
  const script = await (await page.request.get("/sw.js")).text();
  const release = JSON.parse(/^const RELEASE = (.*);$/m.exec(script)?.[1] ?? "");
  return [...release.first, ...release.rest];
}

/** Waits until all files of the server's release are cached. */
async function filled(page: Page): Promise<void> {
  const files = await listed(page);
  expect(files.length).toBeGreaterThan(8);
  const missing = () =>
    page.evaluate(async (files) => {
      const found = await Promise.all(files.map((file) => caches.match(file)));
      return files.filter((_, index) => !found[index]);
    }, files);
  await expect.poll(missing, { timeout: 60_000 }).toEqual([]);
}

/** Whether a cached text belongs to an account. */
function isPersonal([, text]: [string, string]): boolean {
  return ["Secret", "@example.com", "page-data"].some((word) => text.includes(word));
}

function todo(page: Page, title: string) {
  return page.getByTestId("todo").filter({ has: page.getByRole("link", { name: title, exact: true }) });
}

async function add(page: Page, title: string): Promise<void> {
  await page.getByLabel("Add a todo", { exact: true }).fill(title);
  await page.getByLabel("Add a todo", { exact: true }).press("Enter");
  await expect(todo(page, title)).toBeVisible();
}

async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
}

test("after one visit the timers open without the server, say since when, and take a pause", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const card = await start(page, "Write", 25);
  await kept(page, "/", "Write");
  await server.kill();

  await page.reload();
  await hydrated(page);
  await expect(connection(page)).toContainText(/as of today \d\d:\d\d/);
  await expect(card).toHaveAttribute("data-status", "RUNNING");
  // It counts on, by the server's clock.
  const shown = (await remaining(card).textContent()) ?? "";
  await expect(remaining(card)).not.toHaveText(shown);
  await card.getByRole("button", { name: "Pause" }).click();
  await expect(card).toHaveAttribute("data-status", "PAUSED");
  const left = (await remaining(card).textContent()) ?? "";
  await page.reload();
  await expect(card).toHaveAttribute("data-status", "PAUSED");
  await expect(remaining(card)).toHaveText(left);

  await server.start();
  await live(page);
  await expect(connection(page)).not.toContainText("as of");
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "PAUSED");
  await expect(remaining(timer(desk, "Write"))).toHaveText(left);
});

test("a page that was opened by script opens as a document, and its changes are sent later", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  await kept(page, "/", "Nothing is running");
  await follow(page, "Todos");
  await add(page, "Read");
  await kept(page, "/todos", "Read");
  await filled(page);
  await server.kill();

  await page.reload();
  await hydrated(page);
  await expect(todo(page, "Read")).toBeVisible();
  await add(page, "Write");
  // From page to page by what was known last, and back to what was done.
  await follow(page, "Timers");
  await expect(page.getByText("Nothing is running")).toBeVisible();
  await follow(page, "Todos");
  await expect(todo(page, "Write")).toBeVisible();
  await expect(connection(page)).toContainText("as of today");

  await server.start();
  await live(page);
  await expect(page.locator(".todo.waits")).toHaveCount(0, { timeout: 70_000 });
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto("/todos");
  await expect(todo(desk, "Write")).toBeVisible();
});

test("a page that was never opened says what to do, in the language of the browser", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  await kept(page, "/", "Nothing is running");
  const context = await open({ locale: "ko-KR", storageState: await page.context().storageState() });
  const korean = await context.newPage();
  await korean.goto("/");
  await live(korean);
  await kept(korean, "/", "lang=\"ko\"");
  await server.kill();

  await page.goto("/history?q=tea");
  await expect(page.getByRole("heading", { name: "Out of reach for now" })).toBeVisible();
  await page.getByRole("link", { name: "Go to your timers" }).click();
  await expect(page.getByText("Nothing is running")).toBeVisible();
  // Also by a link of a page that is open.
  await hydrated(page);
  await follow(page, "Tags");
  await expect(page.getByRole("heading", { name: "Out of reach for now" })).toBeVisible();
  await korean.goto("/tags");
  await expect(korean.getByRole("heading", { name: "지금은 연결할 수 없습니다" })).toBeVisible();

  await server.start();
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Tags", level: 1 })).toBeVisible();
});

test("where the server does not answer in time, what was known last is shown", async ({ page, way, guard, open }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  const tunnel = await way();
  const phone = await (await open({ baseURL: tunnel.url })).newPage();
  await signIn(phone, "Ada");
  await kept(phone, "/", "Write");
  tunnel.hold();
  await phone.reload();
  await hydrated(phone);
  await expect(timer(phone, "Write")).toHaveAttribute("data-status", "RUNNING");
  await timer(page, "Write").getByRole("button", { name: "Pause" }).click();
  tunnel.mend();
  await live(phone);
  await expect(timer(phone, "Write")).toHaveAttribute("data-status", "PAUSED");
});

test("nothing of an account stays when somebody signs out, or in", async ({ page, guard }) => {
  // The page asks for a token once more.
  guard.allow(/status of 401/);
  await signUp(page, "Ada");
  await start(page, "Secret", 25);
  await kept(page, "/", "Secret");
  expect((await cached(page)).filter(isPersonal)).not.toEqual([]);

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect.poll(async () => (await cached(page)).filter(isPersonal)).toEqual([]);

  // The next account's pages are its own.
  await signUp(page, "Eve");
  await kept(page, "/", "eve@example.com");
  expect((await cached(page)).filter(([, text]) => text.includes("ada@example.com"))).toEqual([]);
});

test("nothing of an account stays when its session has ended elsewhere, or another one takes its place", async ({ page, open }) => {
  await signUp(page, "Eve");
  await kept(page, "/", "eve@example.com");
  const eve = await page.context().cookies();
  const other = await open();
  const desk = await other.newPage();
  await signUp(desk, "Ada");
  await kept(desk, "/", "ada@example.com");
  await other.clearCookies();
  await other.addCookies(eve);
  await desk.evaluate(() => dispatchEvent(new Event("lockstep-shown")));
  await kept(desk, "/", "eve@example.com");
  expect((await cached(desk)).filter(([, text]) => text.includes("ada@example.com"))).toEqual([]);

  // The page finds out when it is to be kept again.
  await page.context().clearCookies();
  await page.evaluate(() => dispatchEvent(new Event("lockstep-shown")));
  await expect.poll(async () => (await cached(page)).filter(isPersonal), { timeout: 40_000 }).toEqual([]);
});

test("pages and files are cached, the API's answers never", async ({ page, guard }) => {
  guard.allow(/status of 404/);
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  await follow(page, "Todos");
  await add(page, "Read");
  await follow(page, "History");
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
  await kept(page, "/history", "History");
  await page.goto("/nowhere");
  await expect(page.getByText("404")).toBeVisible();
  await page.goto("/timers/00000000-0000-4000-8000-000000000000");
  await expect(page.getByText("404")).toBeVisible();
  await page.goto("/");
  await live(page);
  await filled(page);

  const addresses = (await cached(page)).map(([address]) => address);
  const files = await listed(page);
  const others = addresses.filter((address) => !files.includes(address));
  expect(others.filter((address) => !["/", "/todos", "/history", "/offline"].includes(address))).toEqual([]);
});

test.describe("a newer release", () => {
  let site: string;
  test.beforeAll(async () => {
    site = await mkdtemp(join(tmpdir(), "lockstep-site-"));
    await cp(process.env.LEPTOS_SITE_ROOT ?? "", site, { recursive: true });
  });
  test.afterAll(() => rm(site, { recursive: true, force: true }));
  test.use({ env: async ({}, use) => use({ LEPTOS_SITE_ROOT: site }) });

  /** Gives the style sheet another name, as a build with another one does. */
  async function release(name: string): Promise<void> {
    const hashes = join(site, "hash.txt");
    const text = await readFile(hashes, "utf8");
    const old = /^css: (.*)$/m.exec(text)?.[1]?.trim() ?? "";
    for (const extension of ["", ".br", ".gz"]) {
      await rm(`${hashes}${extension}`, { force: true });
      const path = (hash: string) => join(site, `pkg/lockstep.${hash}.css${extension}`);
      await rename(path(old), path(name)).catch((error) => expect(extension, String(error)).not.toBe(""));
    }
    await writeFile(hashes, text.replace(old, name));
  }

  const style = (page: Page) => page.locator("link[rel=stylesheet]").getAttribute("href");
  const caches = (page: Page) =>
    page.evaluate(async () => (await globalThis.caches.keys()).filter((name) => name.startsWith("lockstep-files-")));

  /**
   * Whether the newest service worker has taken over. Where a request reached the old one just then, the newest waits until
   * the old one is stopped for doing nothing, which Chromium leaves off while workers are debugged, as they are here.
   */
  async function isTakenOver(page: Page): Promise<boolean> {
    const [installs, waits] = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return [Boolean(registration?.installing), Boolean(registration?.waiting)];
    });
    if (waits) {
      const browser = await page.context().newCDPSession(page);
      await browser.send("ServiceWorker.enable");
      await browser.send("ServiceWorker.stopAllWorkers");
      await browser.detach();
    }
    return !installs && !waits;
  }

  test("is taken without mixing two", async ({ page, server, guard }) => {
    guard.allow(...NETWORK);
    await signUp(page, "Ada");
    await kept(page, "/", "Nothing is running");
    await filled(page);
    const old = await style(page);
    const before = await caches(page);
    expect(before).toHaveLength(1);
    // A tab in which something is typed is not reloaded.
    const busy = await page.context().newPage();
    await busy.goto("/");
    await live(busy);
    await busy.getByLabel("Title").fill("Half a tit");

    await server.kill();
    const names = ["AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBB"];
    await release(names[0] ?? "");
    await server.start();
    const reloaded = page.waitForEvent("load");
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await reloaded;
    await live(page);
    expect(await style(page)).toBe(`/pkg/lockstep.${names[0]}.css`);
    await filled(page);
    await expect.poll(() => caches(page)).toHaveLength(2);
    await expect.poll(() => isTakenOver(page), { timeout: 40_000 }).toBe(true);
    await kept(page, "/", `lockstep.${names[0]}.css`);

    // The old tab goes on with its own files, from the cache: the server has no such style sheet any more.
    expect((await page.request.get(old ?? "")).status()).toBe(404);
    expect(await busy.evaluate(async (path) => (await fetch(path)).status, old ?? "")).toBe(200);
    await follow(busy, "Todos");
    await expect(busy.getByRole("heading", { name: "Todos", level: 1 })).toBeVisible();
    expect(await style(busy)).toBe(old);
    await busy.close();

    // Without the server, a reload shows one release as well.
    await server.kill();
    await page.reload();
    await hydrated(page);
    expect(await style(page)).toBe(`/pkg/lockstep.${names[0]}.css`);
    await expect(page.getByText("Nothing is running")).toBeVisible();

    // Of the releases, the last two stay.
    await release(names[1] ?? "");
    await server.start();
    await page.reload();
    await live(page);
    await filled(page);
    const isGone = async () => (await isTakenOver(page)) && !(await caches(page)).includes(before[0] ?? "");
    await expect.poll(isGone, { timeout: 40_000 }).toBe(true);
    expect(await caches(page)).toHaveLength(2);
  });
});
