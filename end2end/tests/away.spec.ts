import type { BrowserContext, Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import type { Server } from "../fixtures/server";
import { connection, finished, live, remaining, signIn, signUp, start, timer } from "../steps";

// The server is down in these tests, so the page's requests fail.
const NETWORK = [/WebSocket connection/, /ERR_CONNECTION/, /Failed to load resource/];

test("the page reports a killed server and reconnects to it", async ({ page, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const card = await start(page, "Write", 25);
  await card.getByRole("button", { name: "Pause" }).click();
  await expect(card.getByRole("button", { name: "Resume" })).toBeEnabled();
  const shown = await remaining(card).textContent();

  await server.kill();
  await expect(connection(page)).toHaveAttribute("data-state", /reconnecting|connecting/);
  await server.start();
  await live(page);
  await expect(card).toHaveAttribute("data-status", "PAUSED");
  await expect(remaining(card)).toHaveText(shown ?? "");
  await card.getByRole("button", { name: "Resume" }).click();
  await expect(card).toHaveAttribute("data-status", "RUNNING");
});

test("commands made while the server is down are shown, kept and applied later", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  const { card, desk } = await pauseWithoutServer(page, await open(), server);
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "RUNNING");

  await server.start();
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "PAUSED", { timeout: 40_000 });
  await live(page);
  await page.reload();
  await live(page);
  await expect(card).toHaveAttribute("data-status", "PAUSED");
});

test("the page reconnects at once after a graceful restart", async ({ page, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const card = await start(page, "Write", 25);
  await server.stop();
  await server.start();
  await live(page);
  await card.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByTestId("finished")).toHaveCount(1);
});

test("a pause made while the server is away counts from when it was made", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  const { card, desk } = await pauseWithoutServer(page, await open(), server);
  const shown = (await remaining(card).textContent()) ?? "";
  // The other device does not know, and counts on.
  await expect(remaining(timer(desk, "Write"))).toHaveText(secondsBefore(shown, 4), { timeout: 30_000 });

  await server.start();
  await live(page);
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "PAUSED", { timeout: 40_000 });
  await expect(remaining(timer(desk, "Write"))).toHaveText(shown);
  await expect(remaining(card)).toHaveText(shown);
  await page.reload();
  await expect(remaining(card)).toHaveText(shown);
});

test("where two devices ended a timer, the end of this one can be taken", async ({ page, open, way, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const tunnel = await way();
  const phone = await (await open({ baseURL: tunnel.url })).newPage();
  await signIn(phone, "Ada");
  await start(page, "Write", 25);
  const card = timer(phone, "Write");
  await expect(card).toHaveAttribute("data-status", "RUNNING");

  tunnel.cut();
  await expect(connection(phone)).not.toHaveAttribute("data-state", "live");
  await card.getByRole("button", { name: "Stop" }).click();
  await expect(finished(phone, "Write")).toBeVisible();
  const here = (await finished(phone, "Write").textContent()) ?? "";
  // The desk does not know of it, and stops the timer some seconds later.
  await expect(remaining(timer(page, "Write"))).toHaveText(/^24:[0-4]\d$/, { timeout: 30_000 });
  await timer(page, "Write").getByRole("button", { name: "Stop" }).click();
  const there = finished(page, "Write");
  await expect(there).toBeVisible();
  await expect(there).not.toContainText(ran(here));

  tunnel.mend();
  await live(phone);
  const offer = phone.getByRole("alert").filter({ hasText: "another device ended it" });
  await expect(offer).toContainText("Write");
  await expect(finished(phone, "Write")).not.toContainText(ran(here));
  await offer.getByRole("button", { name: /^Use \d\d:\d\d$/ }).click();
  await expect(offer).toHaveCount(0);
  await expect(finished(phone, "Write")).toContainText(ran(here));
  await expect(there).toContainText(ran(here));
});

/** Starts a timer, and pauses it on this device while the server is killed and another device shows it. */
async function pauseWithoutServer(
  page: Page,
  other: BrowserContext,
  server: Server,
): Promise<{ card: Locator; desk: Page }> {
  await signUp(page, "Ada");
  const card = await start(page, "Write", 25);
  const desk = await other.newPage();
  await signIn(desk, "Ada");

  await server.kill();
  await expect(connection(page)).not.toHaveAttribute("data-state", "live");
  await card.getByRole("button", { name: "Pause" }).click();
  await expect(card).toHaveAttribute("data-status", "PAUSED");
  return { card, desk };
}

/** The text of a remaining time so many seconds later. */
function secondsBefore(shown: string, seconds: number): string {
  const [minutes, rest] = shown.split(":").map(Number);
  const left = (minutes ?? 0) * 60 + (rest ?? 0) - seconds;
  return `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
}

/** How long a finished timer ran, as its row says. */
function ran(row: string): string {
  return /· \d+ s of/.exec(row)?.[0] ?? `no duration in ${row}`;
}
