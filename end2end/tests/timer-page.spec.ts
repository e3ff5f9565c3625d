import type { Page } from "@playwright/test";
import { Api, befriend, prepareLinks } from "../api";
import { expect, test } from "../fixtures";
import { finished, live, signIn, signUp, start, timer } from "../steps";

/** Starts a timer and opens its page by its title. */
async function opened(page: Page, title: string): Promise<string> {
  const card = await start(page, title, 25);
  await card.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** The timer as the page shows it. */
function shown(page: Page) {
  return page.getByTestId("opened");
}

test("a timer's page follows the timer live, on every device and from the server", async ({ page, open }) => {
  await signUp(page, "Ada");
  const path = await opened(page, "Write");
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto(path);
  await live(desk);

  await shown(page).getByRole("button", { name: "Pause" }).click();
  for (const device of [page, desk]) {
    await expect(shown(device)).toHaveAttribute("data-status", "PAUSED");
    await expect(device.getByRole("row", { name: /^Break/ })).toBeVisible();
  }
  await shown(desk).getByRole("button", { name: "Resume" }).click();
  await expect(shown(page)).toHaveAttribute("data-status", "RUNNING");
  await shown(page).getByRole("button", { name: "Stop" }).click();
  for (const device of [page, desk]) {
    await expect(shown(device)).toHaveAttribute("data-status", "COMPLETED");
    await expect(shown(device).getByRole("button", { name: "Pause" })).toHaveCount(0);
  }

  const plain = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const still = await plain.newPage();
  await still.goto(path);
  await expect(still.getByRole("heading", { level: 1, name: "Write" })).toBeVisible();
  await expect(still.getByRole("row", { name: /^Work/ })).toHaveCount(2);
  await still.goto("/");
  await still.getByRole("link", { name: "Write" }).click();
  await expect(still).toHaveURL(new RegExp(path));
});

test("arrow keys and the pointer read the parts of the span", async ({ page }) => {
  await signUp(page, "Ada");
  await opened(page, "Write");
  await shown(page).getByRole("button", { name: "Pause" }).click();
  await expect(shown(page)).toHaveAttribute("data-status", "PAUSED");
  await shown(page).getByRole("button", { name: "Resume" }).click();
  await expect(shown(page)).toHaveAttribute("data-status", "RUNNING");
  const span = page.getByRole("slider", { name: "Parts of the span" });
  const reading = page.getByTestId("span-reading");
  await expect(reading).toContainText("arrow keys");
  await span.focus();
  await expect(span).toHaveAttribute("aria-valuetext", /^Work: /);
  await expect(span).toHaveAttribute("aria-valuemax", "3");
  await page.keyboard.press("ArrowRight");
  await expect(span).toHaveAttribute("aria-valuetext", /^Break: /);
  await expect(reading).toContainText("Break: ");
  await page.keyboard.press("End");
  await expect(span).toHaveAttribute("aria-valuenow", "3");
  await expect(reading).toContainText("– now");
  await page.keyboard.press("Home");
  await expect(span).toHaveAttribute("aria-valuenow", "1");
  await page.getByRole("heading", { level: 1 }).click();
  await expect(reading).toContainText("arrow keys");
  await span.hover({ position: { x: 3, y: 20 } });
  await expect(reading).toContainText("Work: ");
});

test("title, description and links are edited in place, also offline", async ({ page, open, guard }) => {
  guard.allow(/Failed to load resource/, /WebSocket connection/, /ERR_/);
  await signUp(page, "Ada");
  await prepareLinks(page);
  await page.reload();
  await live(page);
  const path = await opened(page, "Write");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByLabel("Title").fill("Write a chapter");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Write a chapter" })).toBeVisible();

  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Description" }).fill("First draft\nwithout looking back");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("without looking back")).toBeVisible();
  await page.getByText("Change schedule, todo and tags").click();
  await page.getByLabel("Todo").selectOption("First chapter");
  await page.getByRole("button", { name: "deep" }).click();
  await expect(page.getByTestId("links").getByText("First chapter")).toBeVisible();
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await page.context().setOffline(false);
  await live(page);
  await expect(page.getByText("Not saved yet")).toHaveCount(0, { timeout: 30_000 });

  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto(path);
  await live(desk);
  await expect(desk.getByRole("heading", { level: 1, name: "Write a chapter" })).toBeVisible();
  await expect(desk.getByText("without looking back")).toBeVisible();
  await expect(desk.getByTestId("links").getByText("First chapter")).toBeVisible();
  await expect(desk.getByTestId("links").getByText("deep")).toBeVisible();
  await desk.goto("/");
  await live(desk);
  await expect(timer(desk, "Write a chapter").getByTestId("links").getByText("deep")).toBeVisible();
});

test("the end of a timer is corrected within its bounds, and the old one is shown", async ({ page }) => {
  await signUp(page, "Ada");
  await opened(page, "Write");
  await expect(page.getByRole("heading", { name: "Correct the end" }), "it has not ended").toHaveCount(0);
  await shown(page).getByRole("button", { name: "Pause" }).click();
  await expect(shown(page)).toHaveAttribute("data-status", "PAUSED");
  await shown(page).getByRole("button", { name: "Stop" }).click();
  const end = page.locator("#one-end");
  await expect(end).toBeVisible();
  const earliest = await end.getAttribute("min");
  await end.fill("2020-01-01T10:00:00");
  await page.getByRole("button", { name: "Correct", exact: true }).click();
  await expect(end).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByTestId("replaced-end")).toHaveCount(0);
  await end.fill(earliest!);
  await page.getByRole("button", { name: "Correct", exact: true }).click();
  await expect(page.getByTestId("replaced-end")).toContainText("The end was corrected");
  await page.reload();
  await live(page);
  await expect(page.getByTestId("replaced-end")).toContainText("The end was corrected");
});

test("a deletion can be undone; without that the timer is gone everywhere", async ({ page, open, guard }) => {
  // What is gone, or not shared any more, answers 404.
  guard.allow(/404/);
  await signUp(page, "Ada");
  const path = await opened(page, "Write");
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  await desk.goto(path);
  await live(desk);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByTestId("gone")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(shown(page)).toBeVisible();
  await expect(shown(desk)).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(desk.getByTestId("gone")).toBeVisible({ timeout: 30_000 });
  const answer = await desk.goto(path);
  expect(answer?.status()).toBe(404);
});

test("a shared timer is read without controls, and only as long as it is shared", async ({ page, open, guard }) => {
  // What is gone, or not shared any more, answers 404.
  guard.allow(/404/);
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await befriend(await Api.of(page), await Api.of(other));
  await page.reload();
  await live(page);
  const path = await opened(page, "Piano");
  expect((await other.goto(path))?.status()).toBe(404);

  await page.getByRole("radio", { name: "Some friends" }).check();
  await page.getByRole("button", { name: "Ben" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await expect
    .poll(async () => (await other.goto(path))?.status(), { timeout: 30_000 })
    .toBe(200);
  await live(other);
  await expect(other.getByTestId("shared-by")).toHaveText("Shared by Ada");
  await expect(other.getByRole("heading", { level: 1, name: "Piano" })).toBeVisible();
  for (const name of ["Pause", "Stop", "Rename", "Delete", "Save"]) {
    await expect(shown(other).getByRole("button", { name })).toHaveCount(0);
  }
  await page.getByRole("radio", { name: "Only me" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect
    .poll(async () => (await other.goto(path))?.status(), { timeout: 30_000 })
    .toBe(404);
});

test("what is no address is named before it is saved", async ({ page }) => {
  await signUp(page, "Ada");
  await opened(page, "Piano");
  await page.getByRole("radio", { name: "By e-mail" }).check();
  await page.getByLabel("Addresses").fill("ben@example.com, ben");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("“ben”");
  await page.getByLabel("Addresses").fill("ben@example.com");
  await page.getByLabel("Domains").fill("@example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await expect(page.getByLabel("Domains")).toHaveValue("example.org");
});

test("the page speaks Korean, and starts a finished timer again", async ({ page, context }) => {
  await signUp(page, "Ada");
  const card = await start(page, "쓰기", 25);
  await card.getByRole("button", { name: "Stop" }).click();
  await finished(page, "쓰기").getByRole("link", { name: "쓰기" }).click();
  await expect(shown(page)).toHaveAttribute("data-status", "COMPLETED");
  await context.addCookies([{ name: "lockstep_language", value: "ko", url: page.url() }]);
  await page.reload();
  await live(page);
  await expect(page.getByRole("heading", { name: "작업과 휴식" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "종료 시각 고치기" })).toBeVisible();
  await page.getByRole("button", { name: "다시 시작" }).click();
  await expect(page.getByTestId("now")).toContainText("쓰기");
});
