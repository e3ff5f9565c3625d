/** What is around the pages: navigation, palette, shortcuts, languages, and what runs now. */
import type { Page } from "@playwright/test";
import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { connection, finished, hydrated, live, signUp, start, timer } from "../steps";

/** Marks the document, to see later whether it is still the same one. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-mark", "1"));
}

async function expectSameDocument(page: Page): Promise<void> {
  await expect(page.locator("html[data-mark]")).toHaveCount(1);
}

function navigation(page: Page) {
  return page.getByRole("navigation", { name: "Pages" });
}

test("pages open without a new document, and back returns to where one was", async ({ page }) => {
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  await mark(page);
  await navigation(page).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page).toHaveURL(/\/settings$/);
  await expect(navigation(page).getByRole("link", { name: "Settings" })).toHaveAttribute("aria-current", "page");
  await expectSameDocument(page);
  await expect(connection(page), "the connection stays").toHaveAttribute("data-state", "live");
  await page.goBack();
  await expect(timer(page, "Write")).toBeVisible();
  await expectSameDocument(page);

  // A page that is opened by its address is the same.
  await page.goto("/settings");
  await live(page);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("the newest timer is paused and stopped from any page", async ({ page, open }) => {
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  await navigation(page).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  const now = page.getByTestId("now");
  await expect(now).toContainText(/Write\s*24:\d\d/);
  await now.getByRole("button", { name: "Pause" }).click();
  await expect(now.getByRole("button", { name: "Resume" })).toBeVisible();

  const other = await (await open({ storageState: await page.context().storageState() })).newPage();
  await other.goto("/");
  await live(other);
  await expect(timer(other, "Write")).toHaveAttribute("data-status", "PAUSED");
  await now.getByRole("button", { name: "Stop" }).click();
  await expect(now).toHaveCount(0);
  await expect(finished(other, "Write")).toBeVisible();
});

test("the palette finds pages and starts timers", async ({ page }) => {
  await signUp(page, "Ada");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: /Find a page/ });
  await expect(field).toBeFocused();
  await field.fill("sett");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
  await page.getByRole("button", { name: "Find or do" }).click();
  await field.fill("Water the plants");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("now")).toContainText("Water the plants");
  await page.keyboard.press("Control+k");
  await field.fill("stop water");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("now")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await field.fill("water");
  await page.getByRole("option", { name: "Find “water” in the history" }).click();
  await expect(page).toHaveURL(/\/history\?text=water/);
  await expect(page.getByTestId("entry")).toContainText("Water the plants");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
});

test("keys work on every page, and not while something is typed", async ({ page }) => {
  await signUp(page, "Ada");
  await start(page, "Write", 25);
  await page.getByLabel("Title").fill("sss ? g e");
  await expect(timer(page, "Write")).toHaveAttribute("data-status", "RUNNING");
  await page.getByLabel("Title").fill("");
  await page.getByLabel("Title").blur();
  await page.keyboard.press("Space");
  await expect(timer(page, "Write")).toHaveAttribute("data-status", "PAUSED");
  await page.keyboard.press("Space");
  await expect(timer(page, "Write")).toHaveAttribute("data-status", "RUNNING");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/settings$/);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByTestId("now")).toHaveCount(0);
  await page.keyboard.press("n");
  await expect(page.getByLabel("Title")).toBeFocused();
});

test("the browser's language is used until another is chosen", async ({ open }) => {
  const page = await (await open({ locale: "ko-KR" })).newPage();
  await page.goto("/sign-in");
  await hydrated(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("다시 오셨군요");
  await page.goto("/sign-up");
  await hydrated(page);
  await page.getByLabel("이메일").fill("ada@example.com");
  await page.getByLabel("비밀번호").fill("correct horse battery");
  await page.getByRole("button", { name: "계정 만들기" }).click();
  await live(page);
  await expect(page.getByText("진행 중인 타이머가 없습니다")).toBeVisible();
  await page.goto("/settings");
  await live(page);
  await page.getByLabel("언어").selectOption({ label: "English" });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("preferences hold on every device, and wait for the network", async ({ page, open, context, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  await signUp(page, "Ada");
  await page.goto("/settings");
  await live(page);
  const desk = await (await open({ storageState: await context.storageState() })).newPage();
  await desk.goto("/settings");
  await live(desk);
  await page.getByLabel("Theme").selectOption({ label: "Dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(desk.locator("html"), "the other device follows").toHaveAttribute("data-theme", "dark");

  await context.setOffline(true);
  await page.getByLabel("Length of a new timer").fill("50");
  await page.getByLabel("Length of a new timer").press("Enter");
  await page.getByLabel("Clock").selectOption({ label: "12 hours" });
  await expect(connection(page)).toContainText("2 changes wait to be sent", { timeout: 30_000 });
  await context.setOffline(false);
  await expect(connection(page)).not.toContainText("wait", { timeout: 30_000 });
  await expect(desk.getByLabel("Length of a new timer")).toHaveValue("50");
  await page.goto("/");
  await live(page);
  await expect(page.getByLabel("Minutes")).toHaveValue("50");
});

test("a chosen name is shown at once, and to friends", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await befriend(await Api.of(page), await Api.of(other));
  await other.goto("/friends");
  await live(other);
  await page.goto("/settings");
  await live(page);
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("Name").press("Enter");
  await expect(page.locator(".account")).toHaveText("Ada Lovelace");
  await expect(other.getByText("Ada Lovelace")).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await live(page);
  await expect(page.getByLabel("Name")).toHaveValue("Ada Lovelace");
});

test("what is being typed stays when a setting changes on another device", async ({ page }) => {
  await signUp(page, "Ada");
  await page.goto("/settings");
  await live(page);
  await page.getByLabel("Length of a new timer").fill("5");
  await page.getByLabel("Name").fill("Ada Love");
  await (await Api.of(page)).patch("/v1/users/me/preferences", { hour_cycle: 12 });
  await expect(page.getByLabel("Clock").locator("option:checked")).toHaveText("12 hours");
  await expect(page.getByLabel("Name")).toHaveValue("Ada Love");
  await expect(page.getByLabel("Length of a new timer")).toHaveValue("5");
  await page.getByLabel("Name").pressSequentially("lace");
  await page.getByLabel("Name").press("Enter");
  await expect(page.locator(".account")).toHaveText("Ada Lovelace");
});

test("a new timer's title is completed, and tags are typed", async ({ page }) => {
  await signUp(page, "Ada");
  await (await start(page, "Write the first chapter", 40)).getByRole("button", { name: "Stop" }).click();
  await expect(finished(page, "Write the first chapter")).toBeVisible();
  await page.getByLabel("Title").pressSequentially("first");
  await expect(page.getByRole("option", { name: /Write the first chapter/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Title")).toHaveValue("Write the first chapter");
  await expect(page.getByLabel("Minutes")).toHaveValue("40");
  await page.keyboard.press("Enter");
  await expect(timer(page, "Write the first chapter")).toBeVisible();
});

test("a timer without an end counts up", async ({ page }) => {
  await signUp(page, "Ada");
  await page.getByLabel("Title").fill("Walk");
  await page.getByRole("button", { name: "No end" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const card = timer(page, "Walk");
  await expect(card.getByTestId("remaining")).toHaveText(/^00:0[1-9]$/);
  await expect(card).not.toContainText(" of ");
});
