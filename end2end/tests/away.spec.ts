import { expect, test } from "../fixtures";
import { connection, live, remaining, signIn, signUp, start, timer } from "../steps";

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
  await signUp(page, "Ada");
  const card = await start(page, "Write", 25);
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");

  await server.kill();
  await expect(connection(page)).not.toHaveAttribute("data-state", "live");
  await card.getByRole("button", { name: "Pause" }).click();
  await expect(card).toHaveAttribute("data-status", "PAUSED");
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
