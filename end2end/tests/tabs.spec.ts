import type { Page, WebSocket } from "@playwright/test";
import { expect, test } from "../fixtures";
import { finished, live, signUp, start, timer } from "../steps";

/** Counts a page's open sockets. */
class Sockets {
  private readonly open = new Set<WebSocket>();

  constructor(readonly page: Page) {
    page.on("websocket", (socket) => {
      this.open.add(socket);
      socket.on("close", () => this.open.delete(socket));
    });
    page.on("close", () => this.open.clear());
  }

  get count(): number {
    return this.open.size;
  }
}

const sum = (tabs: Sockets[]) => tabs.reduce((count, tab) => count + tab.count, 0);

test("the tabs of a browser share one connection, and show the same at once", async ({ page, context }) => {
  const tabs = [new Sockets(page)];
  await signUp(page, "Ada");
  for (let i = 0; i < 2; i++) {
    const other = await context.newPage();
    tabs.push(new Sockets(other));
    await other.goto("/");
    await live(other);
  }
  await start(tabs[2]!.page, "Write", 25);
  for (const tab of tabs) await expect(timer(tab.page, "Write")).toHaveAttribute("data-status", "RUNNING");
  await timer(tabs[1]!.page, "Write").getByRole("button", { name: "Pause" }).click();
  for (const tab of tabs) await expect(timer(tab.page, "Write")).toHaveAttribute("data-status", "PAUSED");
  expect(sum(tabs), "sockets of all tabs").toBe(1);
});

test("five tabs work while three of them are closed at random, and nothing is lost or done twice", async ({ page, context }) => {
  test.slow();
  let tabs = [new Sockets(page)];
  await signUp(page, "Ada");
  while (tabs.length < 5) {
    const other = await context.newPage();
    tabs.push(new Sockets(other));
    await other.goto("/");
    await live(other);
  }
  const titles: string[] = [];
  const order: number[] = [];
  for (let round = 0; round < 4; round++) {
    // All tabs at once, without waiting for the server.
    for (const [index, tab] of tabs.entries()) {
      const title = `round ${round} of tab ${index}`;
      titles.push(title);
      await tab.page.getByLabel("Title").fill(title);
      await tab.page.getByLabel("Minutes").press("Enter");
    }
    if (round === 3) break;
    const closed = Math.floor(Math.random() * tabs.length);
    order.push(closed);
    await tabs[closed]!.page.close();
    tabs = tabs.filter((_, index) => index !== closed);
  }
  console.log(`closed in turn: ${order.join(", ")}`);
  for (const tab of tabs) {
    await live(tab.page);
    for (const title of titles) {
      await expect(timer(tab.page, title), title).toHaveCount(1, { timeout: 20_000 });
      await expect(timer(tab.page, title).getByRole("button", { name: "Stop" })).toBeEnabled();
    }
    await expect(tab.page.getByTestId("timer")).toHaveCount(titles.length);
  }
  await expect.poll(() => sum(tabs), "sockets of the remaining tabs").toBe(1);
  // What the server has, not only what the tabs believe.
  await tabs[0]!.page.reload();
  await expect(tabs[0]!.page.getByTestId("timer")).toHaveCount(titles.length);
});

test("another tab takes over from one that hangs, which follows when it is back", async ({ page, context }) => {
  const tabs = [new Sockets(page)];
  await signUp(page, "Ada");
  const other = await context.newPage();
  tabs.push(new Sockets(other));
  await other.goto("/");
  await live(other);
  await start(page, "Write", 25);
  expect(tabs[0]!.count, "the first tab has the connection").toBe(1);

  // Nothing else runs in the page meanwhile; its lock and its socket stay open.
  const hang = page.evaluate((millis) => {
    const end = performance.now() + millis;
    while (performance.now() < end);
  }, 12_000);
  await expect.poll(() => tabs[1]!.count, { timeout: 15_000 }).toBe(1);
  await timer(other, "Write").getByRole("button", { name: "Stop" }).click();
  await expect(finished(other, "Write")).toBeVisible();

  await hang;
  await expect(finished(page, "Write")).toBeVisible();
  await live(page);
  await expect.poll(() => sum(tabs)).toBe(1);
});
