/** The app in Firefox, where it is installed (`FIREFOX`). */
import { expect, test as base } from "../fixtures";
import { Firefox } from "../fixtures/firefox";
import { PASSWORD, remaining, signIn, timer } from "../steps";

const test = base.extend<{ firefox: Firefox }>({
  firefox: async ({ server }, use) => {
    const firefox = await Firefox.launch(server.url);
    await use(firefox);
    await firefox.close();
  },
});

test.skip(!Firefox.isInstalled, "FIREFOX is not set");

test("a timer is in step in Firefox and Chromium", async ({ firefox, page }) => {
  const tab = await firefox.newPage();
  await firefox.signUp(tab, "ada@example.com", PASSWORD);
  await tab.locator("#timer-title").fill("Write");
  await tab.locator("#timer-minutes").fill("25");
  await tab.keyboard.press("Enter");
  await tab.waitForSelector("[data-testid=timer][data-status=RUNNING]");

  await signIn(page, "Ada");
  const card = timer(page, "Write");
  await expect(card).toHaveAttribute("data-status", "RUNNING");
  await card.getByRole("button", { name: "Pause" }).click();
  await tab.waitForSelector("[data-testid=timer][data-status=PAUSED]");
  const shown = (await remaining(card).textContent()) ?? "";
  expect(shown).toMatch(/^24:\d\d$/);
  await expect.poll(() => firefox.text(tab, "[data-testid=remaining]")).toBe(shown);

  await tab.locator("[data-testid=timer] ::-p-text(Stop)").click();
  await expect(page.getByTestId("finished")).toContainText("Write");
  firefox.check();
});

test("every page opens in Firefox, by address and by link, without a message on the console", async ({ firefox }) => {
  test.slow();
  const tab = await firefox.newPage();
  await firefox.signUp(tab, "ada@example.com", PASSWORD);
  for (const path of ["/", "/history", "/calendar", "/todos", "/tags", "/friends", "/shared", "/notifications", "/settings"]) {
    await firefox.open(tab, path);
    expect(await firefox.text(tab, "h1"), path).not.toBe("");
  }
  for (const path of ["/", "/todos", "/calendar", "/history"]) {
    await tab.locator(`nav a[href="${path}"]`).click();
    await tab.waitForFunction((path) => location.pathname === path, {}, path);
    await tab.waitForSelector(`nav a[href="${path}"][aria-current=page]`);
  }
  firefox.check();
});
