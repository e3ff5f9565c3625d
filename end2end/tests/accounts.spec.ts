import { expect, test } from "../fixtures";
import { PASSWORD, finished, hydrated, live, remaining, signUp, start } from "../steps";

test("a signed-out visitor is redirected to the sign-in page", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page).toHaveTitle(/Lockstep/);
});

test("a wrong password shows an error in the form and keeps the address", async ({ page, open }) => {
  await signUp(page, "Ada");
  const desk = await (await open()).newPage();
  await desk.goto("/sign-in");
  await hydrated(desk);
  await desk.getByLabel("E-mail").fill("ada@example.com");
  await desk.getByLabel("Password").fill("wrong horse");
  await desk.getByRole("button", { name: "Sign in" }).click();
  await expect(desk.getByText("The e-mail address or the password is not right.")).toBeVisible();
  await expect(desk.getByLabel("E-mail")).toHaveValue("ada@example.com");
  await desk.getByLabel("Password").fill(PASSWORD);
  await desk.getByRole("button", { name: "Sign in" }).click();
  await live(desk);
});

test("signing in leads to the page that was asked for", async ({ page, open }) => {
  await signUp(page, "Ada");
  const desk = await (await open()).newPage();
  await desk.goto("/history?text=tea");
  await expect(desk).toHaveURL(/\/sign-in\?next=/);
  await hydrated(desk);
  await desk.getByLabel("E-mail").fill("ada@example.com");
  await desk.getByLabel("Password").fill("wrong horse");
  await desk.getByRole("button", { name: "Sign in" }).click();
  await expect(desk.getByText("The e-mail address or the password is not right.")).toBeVisible();
  await desk.getByLabel("Password").fill(PASSWORD);
  await desk.getByRole("button", { name: "Sign in" }).click();
  await expect(desk).toHaveURL(/\/history\?text=tea$/);
  await live(desk);
});

test("an unknown path answers the not-found page", async ({ page, guard }) => {
  guard.allow(/404/);
  const response = await page.goto("/nowhere");
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test("the server-rendered page contains the timers", async ({ page, open, context }) => {
    await signUp(page, "Ada");
    const running = await start(page, "Write", 25);
    const done = await start(page, "Tea", 5);
    await done.getByRole("button", { name: "Stop" }).click();
    await expect(finished(page, "Tea")).toBeVisible();
    await expect(remaining(running)).toHaveText(/^24:/);

    const plain = await open({ javaScriptEnabled: false, storageState: await context.storageState() });
    const still = await plain.newPage();
    await still.goto("/");
    const card = still.getByTestId("timer");
    await expect(card.getByRole("heading", { name: "Write" })).toBeVisible();
    await expect(card.getByTestId("remaining")).toHaveText(/^24:\d\d$/);
    await expect(finished(still, "Tea")).toBeVisible();
  });

  test("sign-up, sign-out and sign-in work, and errors are shown", async ({ open }) => {
    const page = await (await open({ javaScriptEnabled: false })).newPage();
    const signOut = page.getByRole("button", { name: "Sign out" });
    await page.goto("/sign-up");
    await page.getByLabel("E-mail").fill("plain@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(signOut).toBeVisible();
    await signOut.click();
    await expect(page).toHaveURL(/\/sign-in/);

    await page.getByLabel("E-mail").fill("plain@example.com");
    await page.getByLabel("Password").fill("wrong horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("The e-mail address or the password is not right.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue("plain@example.com");
    await expect(page.getByLabel("Password")).toHaveValue("");
    expect(page.url()).not.toMatch(/plain|horse/);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(signOut).toBeVisible();
  });
});
