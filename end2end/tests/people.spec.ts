import type { Locator, Page } from "@playwright/test";
import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { live, signUp, start } from "../steps";

async function friends(page: Page): Promise<void> {
  await page.goto("/friends");
  await live(page);
}

function person(page: Page, name: string): Locator {
  return page.getByTestId("person").filter({ hasText: name });
}

async function opened(page: Page, name: string): Promise<Locator> {
  const entry = person(page, name);
  await entry.locator("summary").click();
  return entry;
}

test("a link is copied, opened and answered, and both see each other at once", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signUp(page, "Ada");
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect(page).toHaveURL(/\/friends$/, { timeout: 30_000 });
  await expect(page.getByText("No friends yet")).toBeVisible();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  await page.getByRole("button", { name: "Copy" }).first().click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await expect(page.getByRole("img", { name: "Your link as a QR code" })).toBeVisible();

  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await other.goto(link);
  await live(other);
  await expect(other.getByText("You opened somebody’s link.")).toBeVisible();
  await other.getByRole("button", { name: "Send request" }).click();
  await expect(other.getByTestId("sent")).toContainText("Waits for an answer");

  await expect(page.getByTestId("received")).toContainText("Ben");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(person(page, "Ben")).toBeVisible();
  await expect(person(other, "Ada")).toBeVisible();
  await expect(other.getByTestId("sent")).toHaveCount(0);

  await other.goto("/");
  await live(other);
  const piano = await start(other, "Piano", 25);
  await expect(person(page, "Ben")).toContainText("Running · Piano");
  await piano.getByRole("button", { name: "Pause" }).click();
  await expect(person(page, "Ben")).toContainText("Paused · Piano");
});

test("requests are refused with a reason, rejected, and withdrawn", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  const [ada, ben] = [await Api.of(page), await Api.of(other)];
  await friends(page);
  const field = page.getByLabel("Code, link or e-mail address");
  await field.fill("neither nor");
  await field.press("Enter");
  await expect(page.getByText("This is neither a code")).toBeVisible();
  await field.fill(String((await ada.get("/v1/users/me")).friend_code));
  await field.press("Enter");
  await expect(page.getByText("This is your own link.")).toBeVisible();
  await field.fill("nobody@example.com");
  await field.press("Enter");
  await expect(page.getByText("If somebody has this address here")).toBeVisible();
  await expect(page.getByTestId("sent")).toHaveCount(0);

  await field.fill(String((await ben.get("/v1/users/me")).friend_code));
  await field.press("Enter");
  await expect(page.getByTestId("sent")).toContainText("Waits for an answer");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("sent")).toHaveCount(1);
  await friends(other);
  await other.getByRole("button", { name: "Reject" }).click();
  await expect(other.getByTestId("received")).toHaveCount(0);
  await expect(page.getByTestId("sent")).toHaveCount(0, { timeout: 20_000 });
});

test("each friend's entry says what that friend sees", async ({ page, open }) => {
  await signUp(page, "Ada");
  const [ben, eve] = [await (await open()).newPage(), await (await open()).newPage()];
  await signUp(ben, "Ben");
  await signUp(eve, "Eve");
  const [ada, bens, eves] = [await Api.of(page), await Api.of(ben), await Api.of(eve)];
  await befriend(ada, bens);
  await befriend(ada, eves);
  const group = (await ada.post("/v1/tags/groups", { name: "Work", color: "#2e7d32" })).id;
  const share = async (title: string, body: object) => {
    const todo = await ada.post("/v1/todos", { title, tag_group_id: group });
    await ada.put(`/v1/visibility/todo/${todo.id}`, body);
  };
  await share("For all", { level: "friends" });
  await share("For Ben", { level: "selected", allowed_user_ids: [bens.user] });
  await share("For me", { level: "private" });
  await friends(page);
  await expect(person(page, "Ben")).toContainText("sees 2 things of yours");
  await expect(person(page, "Eve")).toContainText("sees 1 thing of yours");
  const entry = await opened(page, "Ben");
  await expect(entry.getByRole("listitem")).toHaveText([/Todo\s*For Ben\s*selected friends/, /Todo\s*For all\s*all friends/]);

  await page.getByRole("radio", { name: "nothing" }).check();
  await expect(entry).toContainText("Nothing of your running timers.");
  await expect.poll(async () => (await ada.get("/v1/users/me")).friend_activity).toBe("nothing");
});

test("a friend is removed with undo, blocked, and unblocked", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  await befriend(await Api.of(page), await Api.of(other));
  await friends(page);
  let entry = await opened(page, "Ben");
  await entry.getByRole("button", { name: "Remove friend" }).click();
  await expect(page.getByText("No friends yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(person(page, "Ben")).toBeVisible();

  entry = await opened(page, "Ben");
  await entry.getByRole("button", { name: "Block" }).click();
  await expect(page.getByText("Blocked Ben.")).toBeVisible();
  await friends(other);
  await expect(other.getByText("No friends yet")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId("blocked")).toContainText("Ben");
  await page.getByRole("button", { name: "Unblock" }).click();
  await expect(page.getByTestId("blocked")).toHaveCount(0);
});

test("changes without a network wait, and are sent later", async ({ page, context, open, guard }) => {
  guard.allow(/Failed to load resource/, /WebSocket connection/, /ERR_/);
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  const code = (await (await Api.of(page)).get("/v1/users/me")).friend_code;
  await (await Api.of(other)).post("/v1/friends/requests", { friend_code: code });
  await friends(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(person(page, "Ben")).toBeVisible();
  await (await opened(page, "Ben")).getByText("Not sent yet").waitFor();
  await context.setOffline(false);
  await friends(other);
  await expect(person(other, "Ada")).toBeVisible({ timeout: 30_000 });
});

test("the document is complete without scripts, and friends are reached by arrow keys", async ({ page, open }) => {
  await signUp(page, "Ada");
  for (const name of ["Ben", "Eve"]) {
    const other = await (await open()).newPage();
    await signUp(other, name);
    await befriend(await Api.of(page), await Api.of(other));
  }
  await friends(page);
  await person(page, "Eve").locator("summary").focus();
  await page.keyboard.press("ArrowDown");
  await expect(person(page, "Ben").locator("summary")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(person(page, "Ben").getByRole("button", { name: "Remove friend" })).toBeVisible();

  const storageState = await page.context().storageState();
  const plain = await open({ javaScriptEnabled: false, storageState, locale: "ko-KR" });
  const still = await plain.newPage();
  await still.goto("/friends");
  await expect(still.getByRole("heading", { level: 1, name: "친구" })).toBeVisible();
  await expect(person(still, "Ben")).toBeVisible();
  await person(still, "Ben").locator("summary").click();
  await expect(person(still, "Ben").getByText("진행 중인 타이머와 제목이 보입니다.")).toBeVisible();
  await expect(still.getByLabel("링크", { exact: true })).toHaveValue(/\/friends\?code=/);
});
