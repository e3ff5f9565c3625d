/** The page of the todos: the tree by groups, with mouse, finger and keyboard, with and without a network or scripts. */
import type { Locator, Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp } from "../steps";

const NETWORK = [/WebSocket connection/, /ERR_CONNECTION/, /Failed to load resource/];

/** The row of a todo. */
function todo(page: Page, title: string): Locator {
  return page.getByTestId("todo").filter({ has: page.getByRole("link", { name: title, exact: true }) });
}

/** The titles of all rows with their levels, in the order in which they are shown. */
async function shown(page: Page): Promise<string[]> {
  // In one step: rows may go away meanwhile.
  return page.getByTestId("todo").evaluateAll((rows) =>
    rows.map((row) => `${row.getAttribute("aria-level")} ${row.querySelector(".todo-title")?.textContent}`),
  );
}

async function openTodos(page: Page): Promise<void> {
  await page.goto("/todos");
  await live(page);
}

async function add(page: Page, title: string): Promise<void> {
  await page.getByLabel("Add a todo", { exact: true }).fill(title);
  await page.getByLabel("Add a todo", { exact: true }).press("Enter");
  await expect(todo(page, title)).toBeVisible();
}

/** Waits until the server has all that was done here. */
async function sent(page: Page): Promise<void> {
  await expect(page.locator(".todo.waits")).toHaveCount(0);
}

/** Two groups, two tags and a small tree. */
async function prepare(page: Page): Promise<{ api: Api; work: unknown; home: unknown; report: unknown }> {
  const api = await Api.of(page);
  const work = (await api.post("/v1/tags/groups", { name: "Work", color: "#2e7d32" })).id;
  const home = (await api.post("/v1/tags/groups", { name: "Home", color: "#c2410c" })).id;
  const deep = (await api.post("/v1/tags", { name: "deep", color: "#2e7d32", group_id: work })).id;
  const report = (await api.post("/v1/todos", { title: "Report", tag_group_id: work })).id;
  await api.post("/v1/todos", { title: "Outline", tag_group_id: work, parent_id: report, tag_ids: [deep] });
  await api.post("/v1/todos", { title: "Figures", tag_group_id: work, parent_id: report });
  await api.post("/v1/todos", { title: "Laundry", tag_group_id: home });
  return { api, work, home, report };
}

test("the first todo makes a group, and others follow it or go below it", async ({ page }) => {
  await signUp(page, "Ada");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Todos" }).click();
  await expect(page.getByRole("heading", { name: "Todos", level: 1 })).toBeVisible();
  await expect(page.getByText("Nothing to do yet")).toBeVisible();
  await add(page, "Write");
  await add(page, "Read");
  await expect.poll(() => shown(page)).toEqual(["1 Write", "1 Read"]);
  await expect(page.getByRole("heading", { name: "Todos", level: 2 })).toBeVisible();
  await todo(page, "Write").focus();
  await page.keyboard.press("a");
  await expect(page.getByText("Below “Write”")).toBeVisible();
  await add(page, "First page");
  await expect.poll(() => shown(page)).toEqual(["1 Write", "2 First page", "1 Read"]);
  await sent(page);
  await page.reload();
  await live(page);
  await expect.poll(() => shown(page)).toEqual(["1 Write", "2 First page", "1 Read"]);
});

test("the document is complete without scripts", async ({ page, open }) => {
  await signUp(page, "Ada");
  const { api, report } = await prepare(page);
  await api.patch(`/v1/todos/${report}`, { description: "For the board", deadline: "2030-01-02T10:00:00Z" });
  const context = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const plain = await context.newPage();
  await plain.goto("/todos");
  await expect.poll(() => shown(plain)).toEqual(["1 Laundry", "1 Report", "2 Outline", "2 Figures"]);
  await expect(plain.getByRole("tree")).toHaveCount(2);
  await expect(todo(plain, "Report")).toContainText("due 2 Jan");
  await plain.getByLabel("Find todos").fill("outl");
  await plain.getByRole("button", { name: "Filter", exact: true }).click();
  await expect.poll(() => shown(plain)).toEqual(["1 Report", "2 Outline"]);
  await plain.getByRole("link", { name: "Report", exact: true }).click();
  await expect(plain.getByTestId("todo-panel").getByLabel("Description")).toHaveValue("For the board");
  await expect(plain.getByTestId("todo-panel").getByLabel("Title")).toHaveValue("Report");
});

test("a todo is done by its checkbox, stays in sight, and can be opened again", async ({ page, open }) => {
  await signUp(page, "Ada");
  await prepare(page);
  await openTodos(page);
  const other = await (await open()).newPage();
  await signIn(other, "Ada");
  await openTodos(other);
  await todo(page, "Outline").getByRole("checkbox").click();
  await expect(todo(page, "Outline")).toHaveAttribute("aria-checked", "true");
  await expect(todo(page, "Report")).toContainText("1 of 2 done");
  await sent(page);
  // The other browser leaves out what is done.
  await expect(todo(other, "Outline")).toHaveCount(0);
  await expect(todo(page, "Outline")).toHaveAttribute("aria-checked", "true");
  await todo(page, "Outline").getByRole("checkbox").click();
  await expect(todo(page, "Outline")).toHaveAttribute("aria-checked", "false");
  await expect(todo(other, "Outline")).toBeVisible();

  await todo(page, "Laundry").hover();
  await todo(page, "Laundry").getByRole("button", { name: "Actions for Laundry" }).click();
  await page.getByRole("menuitem", { name: "Cancel it" }).click();
  await expect(todo(page, "Laundry")).toContainText("Cancelled");
  await sent(page);
  await page.getByLabel("Status", { exact: true }).selectOption("Cancelled");
  await expect.poll(() => shown(page)).toEqual(["1 Laundry"]);
  await expect(page).toHaveURL(/status=cancelled/);
  await page.reload();
  await live(page);
  await expect.poll(() => shown(page)).toEqual(["1 Laundry"]);
  await page.getByRole("link", { name: "Show all open todos" }).first().click();
  await expect.poll(() => shown(page)).toEqual(["1 Report", "2 Outline", "2 Figures"]);
});

test("the tree is used by keyboard", async ({ page }) => {
  await signUp(page, "Ada");
  await prepare(page);
  await openTodos(page);
  await todo(page, "Laundry").focus();
  await page.keyboard.press("ArrowDown");
  await expect(todo(page, "Report")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(todo(page, "Outline")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(todo(page, "Report")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(todo(page, "Report")).toHaveAttribute("aria-expanded", "false");
  await expect(todo(page, "Outline")).toHaveCount(0);
  await expect(todo(page, "Report")).toBeFocused();

  // What is folded stays so on this device, also in the server's document.
  await page.reload();
  await live(page);
  await expect.poll(() => shown(page)).toEqual(["1 Laundry", "1 Report"]);
  await todo(page, "Report").focus();
  await page.keyboard.press("ArrowRight");
  await expect(todo(page, "Figures")).toBeVisible();

  // Moves: out of its parent, below the todo above, to the next group.
  await todo(page, "Figures").focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(todo(page, "Figures")).toHaveAttribute("aria-level", "1");
  await expect(todo(page, "Figures")).toBeFocused();
  await expect(page.getByTestId("todo-spoken")).toHaveText("Figures is now in the group Work");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page.getByTestId("todo-spoken")).toHaveText("Figures is now below Report");
  await todo(page, "Report").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByTestId("todo-spoken")).toHaveText("Report is now in the group Home");
  await sent(page);
  await page.reload();
  await live(page);
  // The newest first.
  await expect.poll(() => shown(page)).toEqual(["1 Report", "2 Outline", "2 Figures", "1 Laundry"]);
  await expect(page.getByTestId("todo-group").first().getByTestId("todo")).toHaveCount(4);

  await todo(page, "Laundry").focus();
  await page.keyboard.press("Space");
  await expect(todo(page, "Laundry")).toHaveAttribute("aria-checked", "true");
  await expect(todo(page, "Laundry")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("todo-panel").getByLabel("Title")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("todo-panel")).toHaveCount(0);
  await expect(todo(page, "Laundry")).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Find todos")).toBeFocused();
});

test("a todo is dragged below another one and to another group", async ({ page }) => {
  await signUp(page, "Ada");
  await prepare(page);
  await openTodos(page);
  await drag(page, "Laundry", todo(page, "Report").locator(".todo-title"));
  await expect(todo(page, "Laundry")).toHaveAttribute("aria-level", "2");
  await sent(page);
  await drag(page, "Laundry", page.getByRole("heading", { name: "Home" }));
  await expect(todo(page, "Laundry")).toHaveAttribute("aria-level", "1");
  await expect(page.getByTestId("todo-group").filter({ hasText: "Laundry" })).toContainText("Home");
  await sent(page);
  await page.reload();
  await live(page);
  await expect.poll(() => shown(page)).toEqual(["1 Laundry", "1 Report", "2 Outline", "2 Figures"]);
});

async function drag(page: Page, title: string, onto: Locator): Promise<void> {
  await todo(page, title).hover();
  const grip = await todo(page, title).getByRole("button", { name: `Move ${title}` }).boundingBox();
  const end = await onto.boundingBox();
  if (!grip || !end) throw new Error("nothing to drag");
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 8 });
  await expect(page.locator(".todo-drop-hint")).toBeVisible();
  await page.mouse.up();
}

test("a deleted todo comes back by undo, and its children become roots", async ({ page }) => {
  await signUp(page, "Ada");
  const { api, report } = await prepare(page);
  await openTodos(page);
  await todo(page, "Report").focus();
  await page.keyboard.press("Delete");
  await expect(todo(page, "Report")).toHaveCount(0);
  await expect(todo(page, "Outline")).toHaveAttribute("aria-level", "1");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(todo(page, "Report")).toBeVisible();
  await expect(todo(page, "Outline")).toHaveAttribute("aria-level", "2");
  await todo(page, "Report").focus();
  await page.keyboard.press("Delete");
  // It is sent when it cannot be undone any more.
  await expect(async () => {
    const todos = (await api.get("/v1/todos")) as unknown as { id: string; parent_id: string | null }[];
    expect(todos.map((todo) => todo.id)).not.toContain(report);
    expect(todos.every((todo) => todo.parent_id === null)).toBe(true);
  }).toPass({ timeout: 20_000 });
});

test("the panel edits all fields, and gives a todo a time in the calendar", async ({ page, open }) => {
  await signUp(page, "Ada");
  const { api, report } = await prepare(page);
  await openTodos(page);
  const other = await (await open()).newPage();
  await signIn(other, "Ada");
  await openTodos(other);
  await page.getByRole("link", { name: "Report", exact: true }).click();
  const panel = page.getByTestId("todo-panel");
  await expect(panel.getByLabel("Description")).toBeEnabled();
  await panel.getByLabel("Description").fill("Three pages");
  await panel.getByLabel("Deadline", { exact: true }).fill("2030-05-06T07:08");
  await panel.getByRole("button", { name: "deep" }).click();
  await panel.getByLabel("Title").fill("Yearly report");
  await panel.getByLabel("Title").press("Enter");
  await expect(panel).toHaveCount(0);
  await expect(todo(page, "Yearly report")).toContainText("due 6 May");
  await expect(todo(page, "Yearly report")).toContainText("deep");
  await expect(todo(other, "Yearly report")).toContainText("due 6 May");
  await sent(page);

  await page.getByRole("link", { name: "Yearly report", exact: true }).click();
  await expect(panel.getByLabel("Description")).toHaveValue("Three pages");
  await panel.getByRole("button", { name: "Give it a time" }).click();
  await panel.getByLabel("Date").fill("2030-04-01");
  await panel.getByLabel("Start", { exact: true }).fill("09:30");
  await panel.getByLabel("Minutes").fill("0");
  await panel.getByRole("button", { name: "Add to the calendar" }).click();
  await expect(panel.getByRole("alert")).toBeVisible();
  await panel.getByLabel("Minutes").fill("90");
  await panel.getByRole("button", { name: "Add to the calendar" }).click();
  await expect(panel).toContainText("1 Apr, 09:30 – 11:00");
  await expect(todo(page, "Yearly report")).toContainText("has a time in the calendar");
  await sent(page);
  const saved = await api.get(`/v1/todos/${report}`);
  expect(saved).toMatchObject({ title: "Yearly report", description: "Three pages", status: "SCHEDULED" });
  expect(saved.schedules).toHaveLength(2);

  await panel.getByRole("button", { name: "Start a timer" }).click();
  await expect(page.getByTestId("now")).toContainText("Yearly report");
});

test("what is done without a network is shown, kept and sent later", async ({ page, open, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  await prepare(page);
  await openTodos(page);
  await server.kill();
  await add(page, "Offline");
  await expect(todo(page, "Offline")).toContainText("waits to be sent");
  await todo(page, "Laundry").getByRole("checkbox").click();
  await expect(todo(page, "Laundry")).toContainText("waits to be sent");
  await server.start();
  await live(page);
  await expect(page.locator(".todo.waits")).toHaveCount(0, { timeout: 40_000 });
  const other = await (await open()).newPage();
  await signIn(other, "Ada");
  await openTodos(other);
  await expect(todo(other, "Offline")).toBeVisible();
  await expect(todo(other, "Laundry")).toHaveCount(0);
});

test("text, group and tag filter the tree by the address", async ({ page }) => {
  await signUp(page, "Ada");
  await prepare(page);
  await openTodos(page);
  await page.getByLabel("Find todos").fill("FIG");
  await expect.poll(() => shown(page)).toEqual(["1 Report", "2 Figures"]);
  await expect(page).toHaveURL(/q=FIG/);
  await page.getByLabel("Find todos").fill("zzz");
  await expect(page.getByText("No todo matches")).toBeVisible();
  await page.getByLabel("Find todos").fill("");
  await expect.poll(() => shown(page)).toHaveLength(4);
  await page.getByLabel("Tag", { exact: true }).selectOption("deep");
  await expect.poll(() => shown(page)).toEqual(["1 Report", "2 Outline"]);
  await page.getByLabel("Tag", { exact: true }).selectOption("All tags");
  await page.locator("#todo-group").selectOption("Home");
  await expect.poll(() => shown(page)).toEqual(["1 Laundry"]);
  await page.reload();
  await live(page);
  await expect.poll(() => shown(page)).toEqual(["1 Laundry"]);
});

test("of many todos a part is shown, and the rest on demand", async ({ page }) => {
  test.slow();
  await signUp(page, "Ada");
  const { api, work } = await prepare(page);
  for (let batch = 0; batch < 15; batch += 1) {
    const titles = Array.from({ length: 20 }, (_, index) => `Item ${batch * 20 + index}`);
    await Promise.all(titles.map((title) => api.post("/v1/todos", { title, tag_group_id: work })));
  }
  await openTodos(page);
  await expect(page.getByTestId("todo")).toHaveCount(200);
  await page.getByRole("link", { name: /^Show \d+ more$/ }).click();
  await expect(page).toHaveURL(/group=/);
  await expect(page.getByTestId("todo")).toHaveCount(200);
  await page.getByRole("link", { name: "Show 103 more" }).click();
  await expect(page.getByTestId("todo")).toHaveCount(103);
  await page.getByRole("link", { name: "Back to the start" }).click();
  await expect(page.getByTestId("todo")).toHaveCount(200);
});

test("the page speaks Korean", async ({ page, open }) => {
  await signUp(page, "Ada");
  await prepare(page);
  const context = await open({ locale: "ko-KR", storageState: await page.context().storageState() });
  const korean = await context.newPage();
  await korean.goto("/todos");
  await live(korean);
  await expect(korean.getByRole("heading", { name: "할 일", level: 1 })).toBeVisible();
  await todo(korean, "Laundry").hover();
  await korean.getByRole("button", { name: "Laundry 작업" }).click();
  await expect(korean.getByRole("menuitem", { name: "편집" })).toBeFocused();
  await expect(korean.getByRole("menuitem", { name: "취소하기" })).toBeVisible();
});
