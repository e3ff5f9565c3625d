import type { Locator, Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp, start } from "../steps";

function group(page: Page, name: string): Locator {
  return page.getByTestId("tag-group").filter({ has: page.getByRole("heading", { name, exact: true }) });
}

function tag(page: Page, name: string): Locator {
  return page.getByTestId("tag").filter({ hasText: name });
}

/** The page of tags, opened by its keys. */
async function open(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  await expect(page.getByRole("heading", { level: 1, name: "Tags" })).toBeVisible();
}

async function createGroup(page: Page, name: string, ...tags: string[]): Promise<void> {
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  for (const tag of tags) {
    await group(page, name).getByRole("textbox", { name: "New tag" }).fill(tag);
    await page.keyboard.press("Enter");
  }
}

/** The server has all changes. */
async function sent(page: Page): Promise<void> {
  await expect(page.locator(".waits")).toHaveCount(0);
}

test("groups and tags are made, renamed and recoloured, and a second device follows", async ({ page, open: device }) => {
  await signUp(page, "Ada");
  await open(page);
  await expect(page.getByText("No tags yet")).toBeVisible();
  await createGroup(page, "Work", "mail", "deep");
  await expect(page.getByTestId("tag")).toHaveText([/deep/, /mail/]);
  await sent(page);

  const desk = await (await device()).newPage();
  await signIn(desk, "Ada");
  await desk.goto("/tags");
  await live(desk);
  await expect(desk.getByTestId("tag")).toHaveText([/deep/, /mail/]);

  await tag(page, "mail").getByRole("button").click();
  await page.getByLabel("Name").fill("Post");
  await page.getByRole("radio", { name: "Blue" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  for (const shown of [page, desk]) {
    await expect(tag(shown, "Post").locator("circle")).toHaveAttribute("fill", "#3D82C4");
    await expect(shown.getByTestId("tag")).toHaveText([/Post/, /deep/]);
  }
  await page.getByRole("button", { name: "Edit Work" }).click();
  await page.getByLabel("Name").fill("Office");
  await page.getByLabel("Another").fill("#123456");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(group(desk, "Office").locator("header circle")).toHaveAttribute("fill", "#123456");
});

test("a deletion says what goes with it, and can be undone", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  const work = (await api.post("/v1/tags/groups", { name: "Work", color: "#2e7d32" })).id;
  await api.post("/v1/tags", { name: "deep", color: "#2e7d32", group_id: work });
  await api.post("/v1/todos", { title: "First chapter", tag_group_id: work });
  await page.goto("/tags");
  await live(page);
  await tag(page, "deep").getByRole("button").press("Delete");
  await expect(page.getByText("Deleted “deep”, the last tag of “Work”, and with it the group and its 1 todo.")).toBeVisible();
  await expect(group(page, "Work")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(tag(page, "deep")).toBeVisible();

  await page.getByRole("button", { name: "Edit Work" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Deleted the group “Work” with 1 tag and 1 todo.")).toBeVisible();
  await expect(page.getByText("No tags yet")).toBeVisible();
  await expect.poll(async () => ((await api.get("/v1/tags/groups")) as unknown as unknown[]).length, { timeout: 20_000 }).toBe(0);
  expect(await api.get("/v1/todos")).toEqual([]);
});

test("goals are shares of the group's time this week", async ({ page }) => {
  await signUp(page, "Ada");
  await open(page);
  await createGroup(page, "Work", "deep", "mail");
  await sent(page);
  await tag(page, "deep").getByRole("button").click();
  await page.getByLabel("Goal").fill("101");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("A goal is a whole number from 0 to 100.")).toBeVisible();
  await page.getByLabel("Goal").fill("60");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(tag(page, "deep")).toContainText("0% of 60%");
  await sent(page);
  const api = await Api.of(page);
  const groups = (await api.get("/v1/tags/groups")) as unknown as { goal_ratios: object; tags: { id: string; name: string }[] }[];
  const deep = groups[0]!.tags.find((tag) => tag.name === "deep")!;
  expect(groups[0]!.goal_ratios).toEqual({ [deep.id]: 0.6 });

  await page.goto("/");
  await live(page);
  const card = await start(page, "Write", 25);
  await api.patch(`/v1/timers/${await card.getAttribute("data-timer-id")}`, { tag_ids: [deep.id] });
  await expect.poll(async () => {
    await page.goto("/tags");
    return tag(page, "deep").textContent();
  }).toContain("100% of 60%");
  await expect(tag(page, "deep").getByLabel("goal reached")).toBeVisible();
});

test("changes without a network are shown as waiting, and sent later", async ({ page, context, guard }) => {
  guard.allow(/Failed to load resource/, /WebSocket connection/, /ERR_/);
  await signUp(page, "Ada");
  await open(page);
  await createGroup(page, "Work", "deep");
  await sent(page);
  await context.setOffline(true);
  await createGroup(page, "Home", "garden");
  await expect(tag(page, "garden")).toContainText("not sent yet");
  await context.setOffline(false);
  await expect(tag(page, "garden")).not.toContainText("not sent yet", { timeout: 30_000 });
  await page.reload();
  await live(page);
  await expect(page.getByTestId("tag")).toHaveText([/garden/, /deep/]);
});

test("everything works by keyboard", async ({ page }) => {
  await signUp(page, "Ada");
  await open(page);
  await createGroup(page, "Work", "a", "b", "c");
  await sent(page);
  await tag(page, "a").getByRole("button").focus();
  await page.keyboard.press("ArrowDown");
  await expect(tag(page, "b").getByRole("button")).toBeFocused();
  await page.keyboard.press("End");
  await expect(tag(page, "c").getByRole("button")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.getByLabel("Name").fill("b");
  await page.keyboard.press("Enter");
  await expect(page.getByText("This group already has a tag “b”.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tag(page, "c").getByRole("button")).toBeFocused();
  await page.keyboard.press("/");
  await page.keyboard.type("b");
  await expect(page).toHaveURL(/\/tags\?q=b$/);
  await expect(page.getByTestId("tag")).toHaveText([/b/]);
});

test("the document is complete without scripts, also in Korean", async ({ page, open: device }) => {
  await signUp(page, "Ada");
  await open(page);
  await createGroup(page, "Work", "deep", "mail");
  await sent(page);
  const storageState = await page.context().storageState();
  const plain = await device({ javaScriptEnabled: false, storageState, locale: "ko-KR" });
  const still = await plain.newPage();
  await still.goto("/tags");
  await expect(still.getByRole("heading", { level: 1, name: "태그" })).toBeVisible();
  await expect(still.getByTestId("tag")).toHaveText([/deep/, /mail/]);
  await still.getByRole("searchbox", { name: "태그 검색" }).fill("mai");
  await still.getByRole("searchbox").press("Enter");
  await expect(still.getByTestId("tag")).toHaveText([/mail/]);
});
