import { expect, test } from "../fixtures";
import { finished, hydrated, live, remaining, signIn, signUp, start, timer } from "../steps";

test("a timer started in one browser ticks in the other", async ({ page, open }) => {
  await signUp(page, "Ada");
  const here = await start(page, "Write", 25);
  await expect(remaining(here)).toHaveText(/^24:5\d$/);

  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  const there = timer(desk, "Write");
  await expect(there).toHaveAttribute("data-status", "RUNNING");

  // Both tick without a reload, and show the same time.
  const before = await remaining(there).textContent();
  await expect(remaining(there)).not.toHaveText(before ?? "");

  await here.getByRole("button", { name: "Pause" }).click();
  await expect(there).toHaveAttribute("data-status", "PAUSED");
  await expect(here).toHaveAttribute("data-status", "PAUSED");
  await expect(remaining(there)).toHaveText((await remaining(here).textContent()) ?? "");

  await there.getByRole("button", { name: "Resume" }).click();
  await expect(here).toHaveAttribute("data-status", "RUNNING");

  await desk.reload();
  await live(desk);
  await expect(there).toHaveAttribute("data-status", "RUNNING");

  await there.getByRole("button", { name: "Stop" }).click();
  await expect(finished(page, "Write")).toBeVisible();
  await expect(timer(page, "Write")).toHaveCount(0);
  await page.reload();
  await expect(finished(page, "Write")).toBeVisible();
});

test("a pause appears on the other device", async ({ page, open }) => {
  await signUp(page, "Ada");
  const here = await start(page, "Write", 25);
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  const there = timer(desk, "Write");
  // The page records when the card changes, so that the test's own round trips are not measured.
  const noteChanges = (card: typeof here) =>
    card.evaluate((element) => {
      const seen: Record<string, number> = {};
      Object.assign(window, { seen });
      new MutationObserver(() => (seen[element.getAttribute("data-status") ?? ""] ??= Date.now())).observe(element, {
        attributeFilter: ["data-status"],
      });
    });
  await noteChanges(there);
  await noteChanges(here);
  await here.getByRole("button", { name: "Pause" }).click();
  await expect(there).toHaveAttribute("data-status", "PAUSED");
  const pausedAt = () => (window as unknown as { seen: Record<string, number> }).seen.PAUSED;
  const delay = (await desk.evaluate(pausedAt)) - (await page.evaluate(pausedAt));
  // Only an upper bound that no slow machine reaches is asserted; the measured delay is in the log.
  console.log(`the other device showed the pause after ${delay} ms`);
  expect(delay).toBeLessThan(5_000);
});

test("another user does not see the timer", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Eve");
  await start(page, "Secret plans", 25);
  // Eve's timer is created after Ada's event, so Ada's would have arrived by now if it were delivered at all.
  await start(other, "My own", 5);
  await expect(other.getByTestId("timer")).toHaveCount(1);
  await other.reload();
  await live(other);
  await expect(other.getByText("Secret plans")).toHaveCount(0);
});

test("a cancelled timer can be brought back, by keyboard", async ({ page }) => {
  await signUp(page, "Ada");
  const card = await start(page, "Tea", 5);
  await card.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Space");
  await expect(card).toHaveAttribute("data-status", "PAUSED");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(card).toHaveCount(0);
  await page.getByRole("alert").getByRole("button", { name: "Undo" }).click();
  await expect(card).toHaveAttribute("data-status", "PAUSED");

  await card.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("alert")).toContainText("“Tea” was cancelled.");
  await expect(finished(page, "Tea")).toHaveAttribute("data-status", "CANCELLED", { timeout: 15_000 });
});

test("a cancellation is not lost when the page is closed", async ({ page, context }) => {
  await signUp(page, "Ada");
  const card = await start(page, "Tea", 5);
  await card.getByRole("button", { name: "Cancel" }).click();
  await expect(card).toHaveCount(0);
  await page.close();
  const next = await context.newPage();
  await next.goto("/");
  await live(next);
  await expect(finished(next, "Tea")).toHaveAttribute("data-status", "CANCELLED");
});

test("the form refuses an invalid duration", async ({ page }) => {
  await signUp(page, "Ada");
  await page.getByLabel("Minutes").fill("0");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("whole number of minutes");
  await expect(page.getByTestId("timer")).toHaveCount(0);
});

test("signing out removes the timers from the screen", async ({ page, guard }) => {
  // The server closes the session's WebSocket at once, and the page may request a new token before it is unloaded.
  guard.allow(/401 .*\/v1\/auth\/refresh/);
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await hydrated(page);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page.getByText("Write")).toHaveCount(0);
});
