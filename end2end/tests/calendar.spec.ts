/** The calendar: day, week and month; entries by form, mouse, finger and keyboard; with and without a network or scripts. */
import type { Locator, Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp } from "../steps";

const NETWORK = [/WebSocket connection/, /ERR_CONNECTION/, /Failed to load resource/];
const WEEK = "/calendar?date=2030-05-08";

function entry(page: Page, title: string): Locator {
  return page.getByTestId("entry").filter({ hasText: title });
}

async function openCalendar(page: Page, address = WEEK): Promise<void> {
  await page.goto(address);
  await live(page);
  await expect(page.getByTestId("calendar")).toBeVisible();
}

/** Waits until the server has all that was done here. */
async function sent(page: Page): Promise<void> {
  await expect(page.locator(".cal-entry.waits")).toHaveCount(0);
}

/** Wednesday, 8 May 2030, in UTC, which is the browser's timezone here. */
async function plan(api: Api, title: string, from: string, until: string, more = {}): Promise<string> {
  const times = { start_time: `2030-05-08T${from}:00Z`, end_time: `2030-05-08T${until}:00Z` };
  return String((await api.post("/v1/schedules", { title, ...times, ...more })).id);
}

/** The middle of an hour in the column of a day, after scrolling there. */
async function pointAt(page: Page, day: string, hour: number): Promise<{ x: number; y: number }> {
  const column = page.getByRole("region", { name: day, exact: true });
  await page.locator(".cal-scroll").evaluate((frame, hour) => {
    const hours = frame.querySelector(".cal-hours") as HTMLElement;
    frame.scrollTop = (hours.offsetHeight * (hour - 2)) / 24;
  }, hour);
  const box = (await column.boundingBox())!;
  return { x: box.x + box.width / 4, y: box.y + (box.height * hour) / 24 + 1 };
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x, from.y + 10);
  await page.mouse.move(to.x, to.y, { steps: 4 });
}

test("the document is complete without scripts", async ({ page, open }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await plan(api, "Standup", "09:00", "09:30", { description: "Briefly" });
  await plan(api, "Review", "09:15", "10:00");
  await api.post("/v1/schedules", { title: "Fair", all_day: true, start_date: "2030-05-07", end_date: "2030-05-10" });
  const context = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const plain = await context.newPage();
  await plain.goto(WEEK);
  await expect(plain.getByText("6 May – 12 May 2030")).toBeVisible();
  await expect(plain.getByTestId("entry")).toHaveText([/Fair/, /Standup/, /Review/]);
  // Those that overlap stand side by side.
  const [one, other] = [await entry(plain, "Standup").boundingBox(), await entry(plain, "Review").boundingBox()];
  expect(one!.x + one!.width).toBeLessThanOrEqual(other!.x + 1);
  await entry(plain, "Standup").click();
  await expect(plain.getByTestId("entry-panel")).toContainText("Wednesday, 8 May 2030, 09:00 – 09:30");
  await expect(plain.getByTestId("entry-panel")).toContainText("Briefly");
  await plain.getByRole("link", { name: "The next week" }).click();
  await expect(plain.getByText("13 May – 19 May 2030")).toBeVisible();
  await plain.getByRole("link", { name: "Month", exact: true }).click();
  await expect(plain.getByText("May 2030", { exact: true })).toBeVisible();
  await expect(entry(plain, "Standup")).toBeVisible();
});

test("a month lists the first entries of a day, and the day has all", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  for (const hour of ["08", "09", "10", "11", "12"]) await plan(api, `At ${hour}`, `${hour}:00`, `${hour}:30`);
  await openCalendar(page, "/calendar?view=month&date=2030-05-20");
  await expect(page.getByTestId("entry")).toHaveCount(3);
  await page.getByRole("link", { name: "2 more" }).click();
  await expect(page).toHaveURL(/view=day&date=2030-05-08/);
  await expect(page.getByTestId("entry")).toHaveCount(5);
  await page.goBack();
  await expect(page.getByTestId("entry")).toHaveCount(3);
});

test("a day that is opened while the month is read anew shows the day, with what changed meanwhile", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await plan(api, "Standup", "09:00", "09:30");
  await openCalendar(page, "/calendar?view=month&date=2030-05-20");
  await expect(page.getByTestId("entry")).toHaveCount(1);
  // The day's data is read before the change and arrives after it; the month's with the change comes last.
  const held = new Map<string, () => Promise<void>>();
  await page.route("**/api/page/calendar?**", async (route) => {
    const response = await route.fetch();
    const view = new URL(route.request().url()).searchParams.get("view")!;
    const isOld = view === "month" && !(await response.text()).includes("Review");
    if (held.has(view) || isOld) await route.fulfill({ response });
    else held.set(view, () => route.fulfill({ response }));
  });
  await page.getByRole("link", { name: "Wednesday, 8 May 2030" }).first().click();
  await expect.poll(() => [...held.keys()]).toEqual(["day"]);
  await plan(api, "Review", "10:00", "11:00");
  await expect.poll(() => [...held.keys()]).toEqual(["day", "month"]);
  await held.get("day")!();
  await expect(page).toHaveURL(/view=day/);
  await expect(entry(page, "Standup")).toBeVisible();
  await held.get("month")!();
  await expect(entry(page, "Review")).toBeVisible();
  await expect(page.locator(".cal-period")).toHaveText("Wednesday, 8 May 2030");
  await expect(page.getByTestId("entry")).toHaveCount(2);
});

test("an entry is made by the form, changed and deleted, and shows in another browser", async ({ page, open }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await openCalendar(page);
  const other = await (await open()).newPage();
  await signIn(other, "Ada");
  await openCalendar(other);
  await page.keyboard.press("n");
  const form = page.getByTestId("entry-form");
  await expect(form.getByLabel("Title")).toBeFocused();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("alert")).toHaveText("It needs a title.");
  await form.getByLabel("Title").fill("Lecture");
  await expect(form.getByLabel("Start date")).toHaveValue("2030-05-08");
  await form.getByLabel("Start time").fill("14:00");
  await expect(form.getByLabel("End time")).toHaveValue("15:00");
  await form.getByLabel("End time").fill("13:00");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("alert")).toContainText("end after it starts");
  await form.getByLabel("End time").fill("16:30");
  await form.getByLabel("Title").press("Enter");
  await expect(form).toHaveCount(0);
  await expect(entry(page, "Lecture")).toContainText("14:00 – 16:30");
  await expect(entry(other, "Lecture")).toContainText("14:00 – 16:30");
  await sent(page);

  await entry(page, "Lecture").click();
  await page.getByTestId("entry-panel").getByRole("button", { name: "Edit" }).click();
  await form.getByLabel("Description").fill("Room 5");
  await form.getByRole("checkbox", { name: "all day" }).check();
  await form.getByLabel("End date").fill("2030-05-10");
  await form.getByRole("button", { name: "Save" }).click();
  await sent(page);
  await entry(page, "Lecture").click();
  const panel = page.getByTestId("entry-panel");
  await expect(panel).toContainText("Wednesday, 8 May 2030 – Friday, 10 May 2030");
  await expect(panel).toContainText("Room 5");
  await panel.getByRole("button", { name: "Delete" }).click();
  await expect(entry(page, "Lecture")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(entry(page, "Lecture")).toBeVisible();
  const found = (await api.get("/v1/schedules?start_date=2030-05-01&end_date=2030-06-01")) as unknown as unknown[];
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ title: "Lecture", description: "Room 5", start_date: "2030-05-08", end_date: "2030-05-11" });
});

test("a mouse drags over free time, moves entries and their ends", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await openCalendar(page);
  await drag(page, await pointAt(page, "Tuesday, 7 May 2030", 9), await pointAt(page, "Tuesday, 7 May 2030", 9));
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(page.getByTestId("entry-form")).toHaveCount(0);
  const from = await pointAt(page, "Tuesday, 7 May 2030", 9);
  const hour = ((await page.getByRole("region", { name: "Tuesday, 7 May 2030" }).boundingBox())!.height as number) / 24;
  await drag(page, from, { x: from.x, y: from.y + 2 * hour });
  await page.mouse.up();
  const form = page.getByTestId("entry-form");
  await expect(form.getByLabel("Start time")).toHaveValue("09:00");
  await expect(form.getByLabel("End time")).toHaveValue("11:00");
  await form.getByLabel("Title").fill("Deep work");
  await form.getByLabel("Title").press("Enter");
  await sent(page);

  // To the next day, an hour later.
  const there = await pointAt(page, "Wednesday, 8 May 2030", 9);
  const here = await pointAt(page, "Tuesday, 7 May 2030", 9);
  await drag(page, { x: here.x, y: here.y + hour / 2 }, { x: there.x, y: there.y + 1.5 * hour });
  await page.mouse.up();
  await expect(entry(page, "Deep work")).toContainText("10:00 – 12:00");
  await expect(page.getByTestId("calendar-spoken")).toContainText("Wednesday, 8 May 2030");
  await expect(page.getByTestId("entry-panel")).toHaveCount(0);
  await sent(page);
  const box = (await entry(page, "Deep work").boundingBox())!;
  const edge = { x: box.x + box.width / 2, y: box.y + box.height - 1 };
  await drag(page, edge, { x: edge.x, y: edge.y + hour });
  await page.mouse.up();
  await expect(entry(page, "Deep work")).toContainText("10:00 – 13:00");
  await sent(page);
  const found = (await api.get("/v1/schedules?start_date=2030-05-08&end_date=2030-05-09")) as unknown as unknown[];
  expect(found[0]).toMatchObject({ start_time: "2030-05-08T10:00:00+0000", end_time: "2030-05-08T13:00:00+0000" });
});

test("keys go through the entries, move and resize them", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await plan(api, "First", "09:00", "10:00");
  await plan(api, "Second", "11:00", "12:00");
  await openCalendar(page);
  await entry(page, "First").focus();
  await page.keyboard.press("ArrowDown");
  await expect(entry(page, "Second")).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(entry(page, "Second")).toContainText("11:15 – 12:15");
  await expect(entry(page, "Second")).toBeFocused();
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(entry(page, "Second")).toContainText("11:15 – 12:30");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page.getByTestId("calendar-spoken")).toContainText("Thursday, 9 May 2030, 11:15 – 12:30");
  await expect(entry(page, "Second")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(entry(page, "First")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("entry-panel")).toContainText("First");
  await page.keyboard.press("Escape");
  await expect(entry(page, "First")).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(entry(page, "First")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
});

test("an entry repeats by words and by rule, and one or all are changed", async ({ page }) => {
  await signUp(page, "Ada");
  await openCalendar(page);
  await page.getByRole("button", { name: "New entry" }).click();
  const form = page.getByTestId("entry-form");
  await form.getByLabel("Title").fill("Choir");
  await form.getByLabel("Start time").fill("19:00");
  await form.locator("#cal-every").selectOption("week");
  await form.getByLabel("Every so many weeks").fill("2");
  await form.locator("#cal-ends").selectOption("until");
  await form.getByLabel("Last date").fill("2030-07-31");
  await expect(form.getByTestId("preview").getByRole("listitem")).toHaveText([
    /8 May 2030, 19:00/,
    /22 May 2030/,
    /5 June 2030/,
    /19 June 2030/,
    /3 July 2030/,
  ]);
  await form.locator("#cal-every").selectOption("rule");
  await form.getByLabel("Rule", { exact: true }).fill("FREQ=SOMETIMES");
  await expect(form.getByTestId("no-rule")).toBeVisible();
  await form.getByLabel("Rule", { exact: true }).fill("FREQ=DAILY;COUNT=3");
  await expect(form.getByTestId("preview").getByRole("listitem")).toHaveCount(3);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, "Choir")).toHaveCount(3);
  await sent(page);

  // One is moved; then all are.
  await entry(page, "Choir").nth(1).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(entry(page, "Choir").nth(1)).toContainText("19:15 – 20:15");
  await expect(page.getByTestId("moved")).toBeVisible();
  await sent(page);
  await expect(entry(page, "Choir").nth(0)).toContainText("19:00 – 20:00");
  await page.getByRole("button", { name: "Change all" }).click();
  await expect(form.locator("#cal-scope")).toHaveValue("all");
  await form.getByLabel("Title").fill("Big choir");
  await form.getByRole("button", { name: "Save" }).click();
  await sent(page);
  await expect(entry(page, "Big choir")).toHaveText([/19:15/, /19:15/, /19:15/]);

  await entry(page, "Big choir").nth(1).click();
  await page.getByRole("button", { name: "Delete this and following" }).click();
  await expect(entry(page, "Big choir")).toHaveCount(1);
});

test("what was done stands beside the plan, and a plan starts a timer", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  const from = new Date();
  from.setUTCMinutes(from.getUTCMinutes() - 5);
  const until = new Date(from.getTime() + 1_800_000);
  await api.post("/v1/schedules", { title: "Now", start_time: from.toISOString(), end_time: until.toISOString() });
  await openCalendar(page, "/calendar?view=day");
  await expect(page.locator(".cal-now")).toBeVisible();
  await entry(page, "Now").first().click();
  await page.getByTestId("entry-panel").getByRole("button", { name: "Start a timer" }).click();
  await expect(page.getByTestId("now")).toContainText("Now");
  await expect(page.getByTestId("done")).toBeVisible();
  await page.getByTestId("done").click();
  await expect(page).toHaveURL(/\/timers\//);
});

test("a series keeps its time when the clocks change, and the day has 25 hours", async ({ page }) => {
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await api.patch("/v1/users/me/preferences", { time_zone: "Europe/Berlin" });
  // On 27 October 2030 at 3:00 the clocks go back to 2:00.
  await openCalendar(page, "/calendar?view=day&date=2030-10-27");
  await expect(page.locator(".cal-hour")).toHaveCount(25);
  await expect(page.getByText("02:00 again")).toHaveCount(1);
  await openCalendar(page, "/calendar?date=2030-10-26");
  await page.getByRole("button", { name: "New entry" }).click();
  const form = page.getByTestId("entry-form");
  await form.getByLabel("Title").fill("Run");
  await form.getByLabel("Start date").fill("2030-10-25");
  await form.getByLabel("Start time").fill("07:00");
  await form.locator("#cal-every").selectOption("day");
  await expect(form.getByTestId("preview").getByRole("listitem").nth(3)).toHaveText(/28 October 2030, 07:00/);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, "Run")).toHaveText([/07:00/, /07:00/, /07:00/]);
  await sent(page);
  const list = "/v1/schedules?start_date=2030-10-26T00:00:00Z&end_date=2030-10-28T00:00:00Z";
  const found = (await api.get(list)) as unknown as { start_time: string }[];
  expect(found.map((one) => one.start_time)).toEqual(["2030-10-26T05:00:00+0000", "2030-10-27T06:00:00+0000"]);
});

test("what is planned without a network is shown, kept and sent later", async ({ page, server, guard }) => {
  guard.allow(...NETWORK);
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await plan(api, "First", "09:00", "10:00");
  await openCalendar(page);
  await server.kill();
  await entry(page, "First").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page.locator(".cal-entry.waits")).toContainText("09:15 – 10:15");
  await page.getByRole("button", { name: "New entry" }).click();
  await page.getByTestId("entry-form").getByLabel("Title").fill("Offline");
  await page.getByTestId("entry-form").getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".cal-entry.waits")).toHaveCount(2);
  await server.start();
  await live(page);
  await expect(page.locator(".cal-entry.waits")).toHaveCount(0, { timeout: 40_000 });
  await page.reload();
  await expect(entry(page, "Offline")).toBeVisible();
  await expect(entry(page, "First")).toContainText("09:15");
});

test("on a narrow screen a week is a strip of its days", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await plan(api, "Lunch", "12:00", "13:00");
  await openCalendar(page);
  await expect(page.locator(".cal-day:visible")).toHaveCount(1);
  await expect(entry(page, "Lunch")).toBeVisible();
  await page.getByRole("link", { name: "Thursday, 9 May 2030" }).click();
  await expect(entry(page, "Lunch")).toBeHidden();
});

test("the page speaks Korean", async ({ page, open }) => {
  await signUp(page, "Ada");
  await plan(await Api.of(page), "Lunch", "12:00", "13:00");
  const context = await open({ locale: "ko-KR", storageState: await page.context().storageState() });
  const korean = await context.newPage();
  await openCalendar(korean);
  await expect(korean.getByRole("heading", { name: "캘린더", level: 1 })).toBeVisible();
  await expect(entry(korean, "Lunch")).toContainText("오후 12:00 – 오후 1:00");
  await korean.getByRole("button", { name: "새 일정" }).click();
  await korean.locator("#cal-every").selectOption("weekday");
  await expect(korean.getByTestId("preview")).toContainText("수요일");
});
