import type { Page } from "@playwright/test";
import { prepareLinks } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp, start, timer } from "../steps";

/** Lets timers run and stop, the first one first. */
async function worked(page: Page, titles: string[]): Promise<void> {
  for (const title of titles) {
    const card = await start(page, title, 25);
    await card.getByRole("button", { name: "Stop" }).click();
    await expect(timer(page, title)).toHaveCount(0);
  }
}

function entries(page: Page) {
  return page.getByTestId("entry");
}

function titles(page: Page) {
  return entries(page).locator(".entry-title");
}

test("the history lists all timers, live, and without scripts", async ({ page, open }) => {
  await signUp(page, "Ada");
  await page.goto("/history");
  await live(page);
  await expect(page.getByText("Nothing has run yet")).toBeVisible();
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await worked(desk, ["Read", "Write"]);
  await expect(titles(page)).toHaveText(["Write", "Read"], { timeout: 30_000 });
  await expect(page.getByTestId("day").locator(".history-total")).toContainText("2 timers");
  await expect(page.getByTestId("week").locator(".history-week-head .history-total")).toContainText("2 timers");
  await start(desk, "Rest", 5);
  await expect(entries(page).first()).toHaveAttribute("data-status", "RUNNING", { timeout: 30_000 });

  const plain = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const still = await plain.newPage();
  await still.goto("/history");
  await expect(titles(still)).toHaveText(["Rest", "Write", "Read"]);
  await still.getByRole("searchbox", { name: "Search" }).fill("rea");
  await still.keyboard.press("Enter");
  await expect(titles(still)).toHaveText(["Read"]);
  await expect(still).toHaveURL(/text=rea/);
  await expect(still.locator(".history-sum")).toContainText("1 timer");
});

test("a filter is in the address, found by its key, and kept by reload and back", async ({ page }) => {
  await signUp(page, "Ada");
  const { api } = await prepareLinks(page);
  await page.reload();
  await live(page);
  await worked(page, ["책 읽기", "Write"]);
  const tags = (await api.get("/v1/tags")) as unknown as { id: string; name: string }[];
  const listed = (await api.get("/v1/timers")) as unknown as { id: string; title: string }[];
  const write = listed.find((one) => one.title === "Write")!;
  await api.patch(`/v1/timers/${write.id}`, { tag_ids: [tags.find((tag) => tag.name === "deep")!.id] });

  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/history$/);
  await expect(titles(page)).toHaveText(["Write", "책 읽기"]);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
  await page.keyboard.type("읽기");
  await expect(titles(page)).toHaveText(["책 읽기"]);
  await expect(page).toHaveURL(/text=/);
  await page.reload();
  await live(page);
  await expect(titles(page)).toHaveText(["책 읽기"]);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(titles(page)).toHaveText(["Write", "책 읽기"]);
  await page.goBack();
  await expect(titles(page)).toHaveText(["책 읽기"]);
  await page.goForward();

  await page.getByText("Status, tags, dates and links").click();
  await page.getByRole("checkbox", { name: "deep" }).check({ force: true });
  await expect(titles(page)).toHaveText(["Write"]);
  await page.getByRole("checkbox", { name: "Cancelled" }).check({ force: true });
  await expect(page.getByTestId("no-match")).toBeVisible();
  await page.getByRole("checkbox", { name: "Cancelled" }).uncheck({ force: true });
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page.getByTestId("no-match")).toBeVisible();
});

test("several timers are selected and deleted by keyboard, and undone together", async ({ page, open }) => {
  await signUp(page, "Ada");
  await worked(page, ["One", "Two", "Three"]);
  await page.goto("/history");
  await live(page);
  await expect(titles(page)).toHaveText(["Three", "Two", "One"]);
  await titles(page).first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(titles(page).nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(titles(page).nth(2)).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect(page.getByText("2 selected")).toBeVisible();
  await page.getByRole("group", { name: "Selected timers" }).getByRole("button", { name: "Delete" }).click();
  await expect(titles(page)).toHaveText(["Three"]);
  await expect(page.getByTestId("day").locator(".history-total")).toContainText("1 timer");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(titles(page)).toHaveText(["Three", "Two", "One"]);

  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto("/history");
  await live(desk);
  await page.getByRole("checkbox", { name: "Select Two" }).check();
  await page.getByRole("button", { name: "Select all on this page" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("3 timers are deleted.")).toBeVisible();
  await expect(desk.getByText("Nothing has run yet")).toBeVisible({ timeout: 30_000 });
});

test("a deletion made offline is sent later", async ({ page, open, guard }) => {
  guard.allow(/Failed to load resource/, /WebSocket connection/, /ERR_/);
  await signUp(page, "Ada");
  await worked(page, ["One", "Two"]);
  await page.goto("/history");
  await live(page);
  await page.context().setOffline(true);
  await page.getByRole("checkbox", { name: "Select One" }).check();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(titles(page)).toHaveText(["Two"]);
  await page.context().setOffline(false);
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto("/history");
  await expect(titles(desk)).toHaveText(["Two"], { timeout: 40_000 });
});

test("a timer is opened, and started again, in Korean", async ({ page, context }) => {
  await signUp(page, "Ada");
  await worked(page, ["쓰기"]);
  await context.addCookies([{ name: "lockstep_language", value: "ko", url: page.url() }]);
  await page.goto("/history");
  await live(page);
  await expect(page.getByRole("heading", { level: 1, name: "기록" })).toBeVisible();
  await page.getByRole("button", { name: "다시 시작: 쓰기" }).click();
  await expect(page.getByTestId("now")).toContainText("쓰기");
  await expect(entries(page)).toHaveCount(2, { timeout: 30_000 });
  await titles(page).last().click();
  await expect(page).toHaveURL(/\/timers\//);
  await expect(page.getByTestId("opened")).toHaveAttribute("data-status", "COMPLETED");
});
