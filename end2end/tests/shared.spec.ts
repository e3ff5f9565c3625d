import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { live, signUp, start } from "../steps";

test("what a friend shares is listed live, running timers first", async ({ page, open }) => {
  await signUp(page, "Ada");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.getByText("Nothing is shared with you")).toBeVisible();
  const other = await (await open()).newPage();
  await signUp(other, "Ben");
  const [ada, ben] = [await Api.of(page), await Api.of(other)];
  await befriend(ada, ben);
  const first = await start(other, "Scales", 10);
  const scales = await first.getAttribute("data-timer-id");
  const second = await start(other, "Piano", 25);
  const piano = await second.getAttribute("data-timer-id");
  await second.getByRole("button", { name: "Pause" }).click();
  for (const id of [scales, piano]) await ben.put(`/v1/visibility/timer/${id}`, { level: "friends" });
  const group = (await ben.post("/v1/tags/groups", { name: "Music", color: "#2e7d32" })).id;
  const todo = await ben.post("/v1/todos", { title: "Practise", tag_group_id: group });
  await ben.put(`/v1/visibility/todo/${todo.id}`, { level: "friends" });
  const from = new Date(Date.now() + 3_600_000);
  const times = { start_time: from.toISOString(), end_time: new Date(from.getTime() + 3_600_000).toISOString() };
  const schedule = await ben.post("/v1/schedules", { title: "Concert", ...times });
  await ben.put(`/v1/visibility/schedule/${schedule.id}`, { level: "selected", allowed_user_ids: [ada.user] });

  const owner = page.getByTestId("owner").filter({ has: page.getByRole("heading", { name: "Ben" }) });
  await expect(owner.getByTestId("shared-timer")).toHaveText([/Scales.*Running/, /Piano.*Paused/]);
  await expect(owner.getByTestId("shared-todo")).toContainText("Practise");
  await expect(owner.getByTestId("shared-schedule")).toContainText("Concert");
  await expect(owner.getByRole("link", { name: "Scales" })).toHaveAttribute("href", `/timers/${scales}`);
  await owner.getByRole("link", { name: "Scales" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(owner.getByRole("link", { name: "Piano" })).toBeFocused();

  await second.getByRole("button", { name: "Resume" }).click();
  await expect(owner.getByTestId("shared-timer").filter({ hasText: "Piano" })).toHaveAttribute("data-status", "RUNNING");
  await first.getByRole("button", { name: "Stop" }).click();
  await expect(owner.getByTestId("shared-timer")).toHaveText([/Piano.*Running/, /Scales.*Done/]);

  const storageState = await page.context().storageState();
  const plain = await open({ javaScriptEnabled: false, storageState, locale: "ko-KR" });
  const still = await plain.newPage();
  await still.goto("/shared");
  await expect(still.getByRole("heading", { level: 1, name: "나와 공유됨" })).toBeVisible();
  await expect(still.getByTestId("shared-timer")).toHaveText([/Piano/, /Scales/]);
  await still.goto("/shared?kind=todo");
  await expect(still.getByTestId("shared-todo")).toHaveCount(1);
  await expect(still.getByTestId("shared-timer")).toHaveCount(0);

  await ben.post(`/v1/friends/block/${ada.user}`, {});
  await expect(page.getByText("Nothing is shared with you")).toBeVisible({ timeout: 30_000 });
});

test("public things of strangers are nameless", async ({ page, open }) => {
  await signUp(page, "Ada");
  const other = await (await open()).newPage();
  await signUp(other, "Mallory");
  const card = await start(other, "In public", 10);
  await (await Api.of(other)).put(`/v1/visibility/timer/${await card.getAttribute("data-timer-id")}`, { level: "public" });
  await page.goto("/shared");
  await live(page);
  await expect(page.getByTestId("owner")).toContainText("Shared with everybody");
  await expect(page.getByTestId("shared-timer")).toContainText("In public");
  await expect(page.getByText("Mallory")).toHaveCount(0);
});
