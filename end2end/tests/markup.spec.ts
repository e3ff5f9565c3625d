/** Text that users typed is never parsed as markup, with and without scripts: in the page, its title and live events. */
import type { Page } from "@playwright/test";
import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { live, PASSWORD, start } from "../steps";

const HOSTILE = [
  "</title><i data-injected id=x>x</i>",
  '"><script data-injected>window.injected = 1</script>',
  "'><img data-injected src=x onerror='window.injected = 1'>",
  "</script><!--<script>",
  "<!--HEAD--></head><body data-injected onload=\"window.injected = 1\">",
  "&lt;i data-injected&gt; &amp;lt; &#60;",
  "{{constructor.constructor('window.injected = 1')()}} ${window.injected = 1}",
  "x\u2028\u2029\\u003c/script>\\\";window.injected=1//\u202ex",
];

/** Creates a user whose display name and address contain the text as well. */
async function person(page: Page, text: string, host: string): Promise<Api> {
  // Quotes let any printable character into the local part (RFC 5321, 4.1.2).
  const data = { email: `"<i/data-injected>"@${host}.example.com`, password: PASSWORD, display_name: text };
  const answer = await page.request.post("/v1/auth/sign-up", { data });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto("/");
  await live(page);
  return Api.of(page);
}

async function prepare(api: Api, text: string): Promise<void> {
  const group = (await api.post("/v1/tags/groups", { name: text, description: text, color: "#2e7d32" })).id;
  await api.post("/v1/tags", { name: text, description: text, color: "#2e7d32", group_id: group });
  const from = new Date();
  const until = new Date(from.getTime() + 3_600_000);
  const times = { start_time: from.toISOString(), end_time: until.toISOString() };
  await api.post("/v1/schedules", { title: text, description: text, ...times });
  await api.post("/v1/todos", { title: text, description: text, tag_group_id: group });
}

/** Expects the text wherever the page shows it, and no element made from it. */
async function expectText(page: Page, text: string): Promise<void> {
  await expect(page.locator("[data-injected]")).toHaveCount(0);
  await expect(page.locator("title")).toHaveCount(1);
  expect(await page.title()).toContain(` · ${text} – Lockstep`);
  expect(await page.getByTestId("timer").locator("h3").first().textContent()).toBe(text);
  const links = await page.getByTestId("timer").first().getByTestId("links").locator("span").allTextContents();
  expect(links.filter((shown) => shown === text)).toHaveLength(3);
  expect(await page.locator("option").allTextContents()).toContain(text);
  expect(await page.locator(".account").textContent()).toBe(text);
  expect(await page.getByTestId("friend").first().locator(".friend-name").textContent()).toBe(text);
  expect(await page.getByTestId("friend").first().textContent()).toContain(`Running · ${text}`);
  expect(new URL(page.url()).pathname).toBe("/");
}

for (const [index, text] of HOSTILE.entries()) {
  test(`text ${index + 1} stays text: ${JSON.stringify(text)}`, async ({ page, open }) => {
    // Two people, three browsers and four page loads take longer than the other tests.
    test.slow();
    const other = await (await open()).newPage();
    const api = await person(page, text, "one");
    const friend = await person(other, text, "two");
    await prepare(api, text);
    await befriend(api, friend);
    await page.reload();
    await live(page);

    // Live: the texts arrive over the socket.
    await page.getByTestId("link-summary").click();
    await page.getByLabel("Schedule", { exact: true }).selectOption({ index: 1 });
    await page.getByLabel("Todo", { exact: true }).selectOption({ index: 1 });
    await page.locator(".link-choices button").first().click();
    await page.getByLabel("Title", { exact: true }).fill(text);
    await page.getByLabel("Minutes", { exact: true }).fill("25");
    await page.getByLabel("Minutes", { exact: true }).press("Enter");
    await expect(page.getByTestId("timer").getByRole("button", { name: "Pause" })).toBeEnabled();
    await other.getByLabel("Title", { exact: true }).fill(text);
    await other.getByLabel("Minutes", { exact: true }).fill("25");
    await other.getByLabel("Minutes", { exact: true }).press("Enter");
    await expect(page.getByTestId("friend")).toHaveAttribute("data-status", "RUNNING");
    await expectText(page, text);

    // Rendered by the server and hydrated.
    await page.reload();
    await live(page);
    await expectText(page, text);
    expect(await page.evaluate(() => "injected" in window)).toBe(false);

    // Without scripts.
    const plain = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
    const still = await plain.newPage();
    await still.goto("/");
    await expectText(still, text);
  });
}

test("the title shows the running timer, and is reset when it ends", async ({ page }) => {
  await person(page, "Ada", "title");
  const card = await start(page, "Tea & <biscuits>", 25);
  await expect(page).toHaveTitle(/^24:5\d · Tea & <biscuits> – Lockstep$/);
  const first = await page.title();
  await expect(page).not.toHaveTitle(first);
  await card.getByRole("button", { name: "Stop" }).click();
  await expect(page).toHaveTitle("Timers – Lockstep");
});
