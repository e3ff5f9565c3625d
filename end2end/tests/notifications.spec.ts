/** Notifications: the bell, the list, reading on one device and seeing it on others, switches for each kind. */
import type { Locator, Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp } from "../steps";

const NETWORK = [/WebSocket connection/, /ERR_INTERNET_DISCONNECTED/, /Failed to fetch/, /Failed to load resource/];

function bell(page: Page): Locator {
  return page.getByTestId("bell");
}

function items(page: Page): Locator {
  return page.getByTestId("notification");
}

async function ask(from: Api, to: Api): Promise<void> {
  const { friend_code } = await to.get("/v1/users/me");
  await from.post("/v1/friends/requests", { friend_code });
}

test("a request rings the bell on every device, and is read on all when it is opened on one", async ({ page, open }) => {
  await signUp(page, "Ada");
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  const ben = await (await open()).newPage();
  await signUp(ben, "Ben");
  await ask(await Api.of(ben), await Api.of(page));

  for (const device of [page, desk]) {
    await expect(bell(device)).toHaveAccessibleName("1 unread notification");
    await expect(device).toHaveTitle(/^\(1\) /);
    await expect(device.locator("link[rel=icon]")).toHaveAttribute("href", "/favicon-unread.svg");
  }
  await bell(page).click();
  await expect(page).toHaveURL(/\/notifications$/);
  await expect(items(page)).toContainText("Ben asks to be your friend");
  await items(page).getByRole("link").click();
  await expect(page).toHaveURL(/\/friends$/);
  for (const device of [page, desk]) {
    await expect(bell(device)).toHaveAccessibleName("Notifications");
    await expect(device).not.toHaveTitle(/^\(/);
    await expect(device.locator("link[rel=icon]")).toHaveAttribute("href", "/favicon.svg");
  }
  await page.getByRole("button", { name: "Accept" }).click();

  // The one who asked hears of it, also on a page that shows the list already.
  await ben.goto("/notifications");
  await live(ben);
  await expect(items(ben)).toContainText("Ada is now your friend");
  const schedule = { title: "Walk", start_time: "2030-05-08T10:00:00Z", end_time: "2030-05-08T11:00:00Z" };
  const ada = await Api.of(page);
  const { id } = await ada.post("/v1/schedules", schedule);
  const setting = { level: "selected", allowed_user_ids: [(await Api.of(ben)).user] };
  await ada.put(`/v1/visibility/schedule/${id}`, setting);
  await expect(items(ben)).toContainText(["Ada shared a calendar entry with you", "Ada is now your friend"]);
  await expect(bell(ben)).toHaveAccessibleName("2 unread notifications");
  await items(ben).first().getByRole("button", { name: "Mark as read" }).click();
  await expect(bell(ben)).toHaveAccessibleName("1 unread notification");
  await ben.getByRole("button", { name: "Mark all as read" }).click();
  await expect(bell(ben)).toHaveAccessibleName("Notifications");
  await expect(items(ben).getByRole("button")).toHaveCount(0);
  await ben.reload();
  await live(ben);
  await expect(items(ben)).toHaveCount(2);
  await expect(bell(ben)).toHaveAccessibleName("Notifications");
});

test("what is read without a network stays read, and the server hears of it later", async ({ page, open, context, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const ben = await (await open()).newPage();
  await signUp(ben, "Ben");
  const ada = await Api.of(page);
  await ask(await Api.of(ben), ada);
  await page.goto("/notifications");
  await live(page);
  await expect(items(page)).toHaveCount(1);
  await context.setOffline(true);
  await items(page).getByRole("button", { name: "Mark as read" }).click();
  await expect(items(page).getByRole("button")).toHaveCount(0);
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await context.setOffline(false);
  await expect
    .poll(async () => (await ada.get("/v1/notifications?unread=true")) as unknown as unknown[])
    .toHaveLength(0);
});

test("a kind that is switched off is not told any more", async ({ page, open }) => {
  await signUp(page, "Ada");
  const ben = await (await open()).newPage();
  await signUp(ben, "Ben");
  await page.goto("/notifications");
  await live(page);
  await expect(page.getByText("Nothing here")).toBeVisible();
  const requests = page.getByRole("switch", { name: "Friend requests", exact: true });
  await expect(requests).toBeChecked();
  await requests.uncheck();
  const ada = await Api.of(page);
  await expect.poll(() => ada.get("/v1/notifications/settings")).toMatchObject({ friend_request: false, shared: true });
  await ask(await Api.of(ben), ada);
  await page.goto("/friends");
  await live(page);
  await expect(page.getByTestId("received")).toContainText("Ben");
  await expect(bell(page)).toHaveAccessibleName("Notifications");
});
