import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { live, signUp, start } from "../steps";

test("a friend's activity appears live and after a reload", async ({ page, open }) => {
  await signUp(page, "Ada");
  await expect(page.getByRole("heading", { name: "Friends" }), "nobody yet").toHaveCount(0);
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await befriend(await Api.of(page), await Api.of(other));
  await page.reload();
  await live(page);
  await expect(page.getByText("When a friend starts a timer, you see it here.")).toBeVisible();

  const theirs = await start(other, "Piano", 25);
  const row = page.getByTestId("friend");
  await expect(row).toHaveAttribute("data-status", "RUNNING");
  await expect(row).toContainText("Ben");
  await expect(row).toContainText("Running · Piano");
  await theirs.getByRole("button", { name: "Pause" }).click();
  await expect(row).toHaveAttribute("data-status", "PAUSED");

  await page.reload();
  await live(page);
  await expect(row).toContainText("Paused · Piano");
  await theirs.getByRole("button", { name: "Stop" }).click();
  await expect(row).toHaveAttribute("data-status", "COMPLETED");
  await expect(page.getByTestId("timer"), "a friend's timer is not listed among the user's own").toHaveCount(0);
});

test("activity follows the friend's sharing level: no titles, or nothing", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  const ben = await Api.of(other);
  await befriend(await Api.of(page), ben);
  await ben.patch("/v1/users/me", { friend_activity: "running" });
  await page.reload();
  await live(page);
  await start(other, "Secret plans", 25);
  await expect(page.getByTestId("friend")).toContainText("Running · Timer");
  await page.reload();
  await live(page);
  await expect(page.getByTestId("friend")).toContainText("Running · Timer");
  await expect(page.getByText("Secret plans")).toHaveCount(0);

  await ben.patch("/v1/users/me", { friend_activity: "nothing" });
  await page.reload();
  await live(page);
  await expect(page.getByText("When a friend starts a timer, you see it here.")).toBeVisible();
});

test("friends' activity during a disconnection appears after reconnecting", async ({ page, open, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED/);
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await befriend(await Api.of(page), await Api.of(other));
  await page.reload();
  await live(page);
  await page.context().setOffline(true);
  await start(other, "Piano", 25);
  await expect(page.getByTestId("connection")).not.toHaveAttribute("data-state", "live", { timeout: 30_000 });
  await page.context().setOffline(false);
  await live(page);
  await expect(page.getByTestId("friend")).toContainText("Running · Piano");
});

test("a friend who blocked the user disappears when the page is focused again", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  const [ada, ben] = [await Api.of(page), await Api.of(other)];
  await befriend(ada, ben);
  await page.reload();
  await live(page);
  await start(other, "Piano", 25);
  await expect(page.getByTestId("friend")).toContainText("Running · Piano");

  await ben.post(`/v1/friends/block/${ada.user}`, {});
  // As when the window receives the focus.
  const focus = () => page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect.poll(() => focus().then(() => page.getByTestId("friend").count()), { timeout: 30_000 }).toBe(0);
});
