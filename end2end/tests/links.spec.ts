import type { Page } from "@playwright/test";
import { prepareLinks } from "../api";
import { expect, test } from "../fixtures";
import { finished, live, signIn, signUp, timer } from "../steps";

async function startLinked(page: Page, title: string): Promise<void> {
  await page.getByTestId("link-summary").click();
  await page.getByLabel("Schedule").selectOption({ index: 1 });
  await page.getByRole("button", { name: "deep" }).click();
  await expect(page.getByTestId("link-summary")).toHaveText("Writing hour · deep");
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Start", exact: true }).click();
}

test("a timer started with a schedule and a tag shows them on every device", async ({ page, open }) => {
  await signUp(page, "Ada");
  await expect(page.getByTestId("link-summary"), "nothing to link to").toHaveCount(0);
  await prepareLinks(page);
  await page.reload();
  await live(page);
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");

  await startLinked(page, "Write");
  for (const device of [page, desk]) {
    const links = timer(device, "Write").getByTestId("links");
    await expect(links.getByText("Writing hour")).toBeVisible();
    await expect(links.getByText("deep")).toBeVisible();
    await expect(links.getByText("home")).toHaveCount(0);
  }
  await expect(page.getByTestId("link-summary"), "the choice is reset for the next timer").toContainText("Add a schedule");

  await timer(page, "Write").getByRole("button", { name: "Stop" }).click();
  await expect(finished(desk, "Write").getByText("Writing hour")).toBeVisible();
  await expect(finished(desk, "Write").getByText("deep")).toBeVisible();
});

test("a todo can be chosen, and done todos are not offered", async ({ page }) => {
  await signUp(page, "Ada");
  const { api, group } = await prepareLinks(page);
  const done = await api.post("/v1/todos", { title: "Old news", tag_group_id: group });
  await api.patch(`/v1/todos/${done.id}`, { status: "DONE" });
  await page.reload();
  await live(page);
  await page.getByTestId("link-summary").click();
  await expect(page.getByLabel("Todo").locator("option")).toHaveText(["No todo", "First chapter"]);
  await page.getByLabel("Todo").selectOption("First chapter");
  await page.getByLabel("Title").fill("Draft");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(timer(page, "Draft").getByTestId("links").getByText("First chapter")).toBeVisible();
});

test("links chosen while the server is down are applied with their timer", async ({ page, context, guard, server }) => {
  guard.allow(/Failed to load resource/, /WebSocket connection/, /ERR_/);
  await signUp(page, "Ada");
  await prepareLinks(page);
  await page.reload();
  await live(page);
  await server.kill();
  await startLinked(page, "Away");
  const links = timer(page, "Away").getByTestId("links");
  await expect(links.getByText("Writing hour")).toBeVisible();
  await expect(links.getByText("deep")).toBeVisible();
  await server.start();
  await live(page);
  await expect(timer(page, "Away").getByRole("button", { name: "Pause" })).toBeEnabled();
  await page.reload();
  await live(page);
  await expect(links.getByText("Writing hour")).toBeVisible();
  await expect(links.getByText("deep")).toBeVisible();
  await expect(page.getByTestId("timer")).toHaveCount(1);
});

test("an edit over the API appears live, and a deleted link is reported", async ({ page }) => {
  await signUp(page, "Ada");
  const { api } = await prepareLinks(page);
  await page.reload();
  await live(page);
  await startLinked(page, "Write");
  const card = timer(page, "Write");
  await expect(card.getByRole("button", { name: "Pause" })).toBeEnabled();
  const id = await card.getAttribute("data-timer-id");
  const tags = (await api.get("/v1/tags")) as unknown as { id: string; name: string }[];
  const home = tags.find((tag) => tag.name === "home")!;
  await api.patch(`/v1/timers/${id}`, { tag_ids: [home.id] });
  await expect(card.getByTestId("links").getByText("home")).toBeVisible();
  await expect(card.getByTestId("links").getByText("deep")).toHaveCount(0);

  // A tag that is chosen here and deleted elsewhere before it is used: no event reports that to the page.
  await page.getByRole("button", { name: "home" }).click();
  await api.remove(`/v1/tags/${home.id}`);
  await page.getByLabel("Title").fill("Too late");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("One of those tags no longer exists")).toBeVisible();
  await expect(timer(page, "Too late")).toHaveCount(0);
});

test("the server-rendered page contains the links", async ({ page, open }) => {
  await signUp(page, "Ada");
  await prepareLinks(page);
  await page.reload();
  await live(page);
  await startLinked(page, "Write");
  await expect(timer(page, "Write").getByRole("button", { name: "Pause" })).toBeEnabled();
  const plain = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const still = await plain.newPage();
  await still.goto("/");
  await expect(timer(still, "Write").getByTestId("links").getByText("Writing hour")).toBeVisible();
  await expect(timer(still, "Write").getByTestId("links").getByText("deep")).toBeVisible();
});
