/** A day: two devices of one person, one of a friend, all pages, a tunnel without a network. */
import { Api, befriend } from "../api";
import { expect, test } from "../fixtures";
import { connection, finished, live, signIn, signUp, timer } from "../steps";

test("Ada plans and works on two devices, and Ben follows her", async ({ page: laptop, open, guard }) => {
  // Three browsers and a dozen pages.
  test.setTimeout(300_000);
  guard.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  const mobile = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const phone = await (await open(mobile)).newPage();
  const friend = await (await open()).newPage();

  await test.step("in the morning Ada plans on the laptop, and the phone shows it", async () => {
    await signUp(laptop, "Ada");
    await signUp(friend, "Ben");
    await befriend(await Api.of(laptop), await Api.of(friend));
    await signIn(phone, "Ada");
    await phone.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Todos" }).tap();
    await expect(phone.getByText("Nothing to do yet")).toBeVisible();
    await laptop.keyboard.press("g");
    await laptop.keyboard.press("o");
    for (const title of ["Write the report", "Call the plumber"]) {
      await laptop.getByLabel("Add a todo", { exact: true }).fill(title);
      await laptop.getByLabel("Add a todo", { exact: true }).press("Enter");
      await expect(laptop.getByTestId("todo").filter({ hasText: title })).toBeVisible();
      await expect(phone.getByTestId("todo").filter({ hasText: title }), "on the phone").toBeVisible();
    }
  });

  await test.step("on the phone she starts the first todo; laptop and friend see it", async () => {
    await friend.reload();
    await live(friend);
    await phone.getByRole("button", { name: "Actions for Write the report" }).tap();
    await phone.getByRole("menuitem", { name: "Start a timer" }).tap();
    await expect(phone.getByTestId("now")).toContainText("Write the report");
    await expect(laptop.getByTestId("now")).toContainText("Write the report");
    await expect(friend.getByTestId("friend")).toContainText("Running · Write the report");
  });

  await test.step("in a tunnel the phone pauses it and adds a todo, which the laptop has afterwards", async () => {
    await phone.context().setOffline(true);
    await phone.getByTestId("now").getByRole("button", { name: "Pause" }).tap();
    await expect(phone.getByTestId("now").getByRole("button", { name: "Resume" })).toBeVisible();
    await phone.getByLabel("Add a todo", { exact: true }).fill("Buy bread");
    await phone.getByLabel("Add a todo", { exact: true }).press("Enter");
    await expect(phone.getByTestId("todo").filter({ hasText: "Buy bread" })).toContainText("waits to be sent");
    await expect(laptop.getByTestId("todo").filter({ hasText: "Buy bread" })).toHaveCount(0);
    await phone.context().setOffline(false);
    await expect(connection(phone)).toHaveAttribute("data-state", "live", { timeout: 60_000 });
    await expect(laptop.getByTestId("todo").filter({ hasText: "Buy bread" })).toBeVisible({ timeout: 60_000 });
    await expect(laptop.getByTestId("now").getByRole("button", { name: "Resume" })).toBeVisible();
    await expect(friend.getByTestId("friend")).toHaveAttribute("data-status", "PAUSED");
  });

  await test.step("on the laptop she goes on and finishes; the todo is done on both", async () => {
    await laptop.getByTestId("now").getByRole("button", { name: "Resume" }).click();
    await expect(phone.getByTestId("now").getByRole("button", { name: "Pause" })).toBeVisible();
    await laptop.getByTestId("now").getByRole("button", { name: "Stop" }).click();
    await expect(phone.getByTestId("now")).toHaveCount(0);
    const report = laptop.getByTestId("todo").filter({ hasText: "Write the report" });
    await report.getByRole("checkbox").click();
    await expect(phone.getByTestId("todo").filter({ hasText: "Write the report" })).toHaveCount(0, { timeout: 30_000 });
  });

  await test.step("both have a timer at once, stopped on the other device", async () => {
    await laptop.keyboard.press("g");
    await laptop.keyboard.press("t");
    await expect(finished(laptop, "Write the report")).toBeVisible();
    await phone.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Timers" }).tap();
    for (const [device, title] of [[laptop, "Read"], [phone, "Tea"]] as const) {
      await device.getByLabel("Title", { exact: true }).fill(title);
      await device.getByLabel("Title", { exact: true }).press("Enter");
    }
    for (const device of [laptop, phone]) {
      await expect(device.getByTestId("timer").locator("h3")).toHaveText(["Tea", "Read"]);
    }
    await timer(laptop, "Tea").getByRole("button", { name: "Stop" }).click();
    await timer(phone, "Read").getByRole("button", { name: "Stop" }).tap();
    for (const device of [laptop, phone]) await expect(device.getByTestId("timer")).toHaveCount(0);
  });

  await test.step("she shares what she did, and Ben reads it", async () => {
    await finished(laptop, "Write the report").getByRole("link", { name: "Write the report" }).click();
    await expect(laptop.getByRole("heading", { level: 1, name: "Write the report" })).toBeVisible();
    const id = new URL(laptop.url()).pathname.split("/").pop();
    await friend.keyboard.press("g");
    await friend.keyboard.press("s");
    await expect(friend.getByText("Nothing is shared with you")).toBeVisible();
    await (await Api.of(laptop)).put(`/v1/visibility/timer/${id}`, { level: "friends" });
    await expect(friend.getByTestId("shared-timer")).toContainText("Write the report", { timeout: 30_000 });
  });

  await test.step("in the evening the history has the whole day, also after a reload", async () => {
    await phone.goto("/history");
    await live(phone);
    await expect(phone.getByTestId("day").first().locator(".history-total")).toContainText("3 timers");
    await laptop.keyboard.press("g");
    await laptop.keyboard.press("h");
    await expect(laptop.getByTestId("entry")).toHaveCount(3);
    await laptop.reload();
    await live(laptop);
    await expect(laptop.getByTestId("entry")).toHaveCount(3);
  });
});
