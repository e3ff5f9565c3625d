/** The playground: what a developer of a client does there, each in its own story. */
import { readFile } from "node:fs/promises";
import axe from "axe-core";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { hydrated } from "../steps";

const WIDE = { width: 1680, height: 1000 };

async function open(page: Page): Promise<void> {
  await page.setViewportSize(WIDE);
  await page.goto("/ws-playground");
  await hydrated(page);
  // The forms need the document.
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue("timer.create");
}

async function mint(page: Page, name: string, lifetime?: string): Promise<void> {
  await page.getByLabel("Test user").fill(name);
  if (lifetime) await page.getByLabel("Lifetime").selectOption({ label: lifetime });
  await page.getByRole("button", { name: "Mint a token" }).click();
  await expect(page.getByTestId("user").filter({ hasText: name })).toBeVisible();
}

function connection(page: Page, number: number): Locator {
  return page.locator(`[data-testid=connection][data-number="${number}"]`);
}

function device(page: Page, number: number): Locator {
  return page.locator(`[data-testid=device][data-number="${number}"]`);
}

async function connect(page: Page, number: number, as?: string): Promise<void> {
  if (as) await page.getByLabel("As", { exact: true }).selectOption({ label: as });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(connection(page, number)).toHaveAttribute("data-state", "open");
}

/** The log's entries of a type, the newest first. */
function entries(page: Page, type: string): Locator {
  return page.locator(`[data-testid=entry][data-type="${type}"]`);
}

async function sendTimer(page: Page, title: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).selectOption("timer.create");
  await page.getByLabel("title", { exact: true }).fill(title);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

async function button(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

test.describe("token", () => {
  test("tokens are minted for several users, and pasted ones are read in the page", async ({ page, server }) => {
    await open(page);
    await mint(page, "Ada");
    await mint(page, "Ben", "20 seconds");
    await mint(page, "Cleo", "expired a minute ago");
    const users = page.getByTestId("user");
    await expect(users.filter({ hasText: "Ada" })).toContainText(/expires in 1[45] min/);
    await expect(users.filter({ hasText: "Ben" })).toContainText(/expires in \d+ s|expired/);
    await expect(users.filter({ hasText: "Cleo" }).locator("[data-expired=true]")).toContainText("expired");
    await users.filter({ hasText: "Ada" }).locator("summary").click();
    await expect(users.filter({ hasText: "Ada" }).locator("pre")).toContainText('"iss": "lockstep"');

    const minted = await page.request.post(`${server.url}/ws-playground/users`, { data: { name: "Dan" } });
    const { access_token } = await minted.json();
    await page.getByText("Paste a token").click();
    await page.getByLabel("JWT").fill("abc");
    await button(page, "Use this token");
    await expect(page.getByRole("status")).toContainText("This is no JWT: it has 1 parts");
    await page.getByLabel("JWT").fill(access_token);
    await button(page, "Use this token");
    await expect(users.filter({ hasText: "Dan" })).toContainText("expires in");
    await connect(page, 1);
    await expect(connection(page, 1)).toContainText("Dan");
  });
});

test.describe("connect", () => {
  test("dialect, timezone and options are sent, and what the server answered is shown", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await page.getByLabel("Dialect").selectOption({ label: "camel" });
    await page.getByLabel("Timezone").fill("Asia/Seoul");
    await page.getByLabel("shared").check();
    await page.getByLabel("Subprotocols that are offered").selectOption({ label: "the token, and lockstep.v1" });
    await connect(page, 1);
    await expect(connection(page, 1)).toContainText(/Open after \d+\.\d ms\. Subprotocol: lockstep\.v1\. Extensions: (none|permessage-deflate)/);
    await sendTimer(page, "In Seoul");
    await expect(entries(page, "timer.created").locator("code")).toContainText('"allocatedDuration"');
    await expect(entries(page, "timer.created").locator("code")).toContainText("+09:00");

    // Its events are continued from where another connection was.
    await connection(page, 1).getByRole("button", { name: "Use as since" }).click();
    await connect(page, 2);
    await expect(entries(page, "connected")).toHaveCount(2);
    await expect(entries(page, "timer.synced"), "only the first connection got the whole list").toHaveCount(1);
    // It believes what the first one did; with another value nothing is known of the time before.
    await expect(device(page, 2).getByTestId("believed")).toContainText("In Seoul");
    await expect(device(page, 2)).toHaveAttribute("data-verdict", "agree");
    const since = page.getByLabel("Since");
    await since.fill((await since.inputValue()).replace(/\d+$/, "0"));
    await connect(page, 3);
    await expect(device(page, 3)).toContainText("It continues from a list that this page does not have");
    await expect(device(page, 3)).toHaveAttribute("data-verdict", "agree");
  });

  test("without a token and with a bad one it is refused with 1008, and why is shown", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    const offers = page.getByLabel("Subprotocols that are offered");
    for (const [index, offer] of ["nothing (refused)", "lockstep.v1 without a token (refused)", "a broken token (refused)"].entries()) {
      await offers.selectOption({ label: offer });
      await button(page, "Connect");
      const refused = connection(page, index + 1);
      await expect(refused).toHaveAttribute("data-state", "closed");
      await expect(refused).toContainText("1008");
      await expect(refused).toContainText("Get a new token before connecting again");
      await expect(device(page, index + 1)).toHaveAttribute("data-verdict", "none");
    }
    await expect(device(page, 1)).toContainText("It was not accepted, so it believes nothing.");
    await connection(page, 1).getByRole("button", { name: "Forget" }).click();
    await expect(connection(page, 1)).toHaveCount(0);
    await expect(page.getByLabel("As", { exact: true })).toBeFocused();
    await page.getByText("From a wrong Origin, and too often").click();
    await expect(page.getByTestId("wrong-origin")).toContainText("Origin: https://evil.example");
  });

  test.describe("too often", () => {
    test.use({ env: { WS_RATE_LIMIT_ENABLED: "true" } });

    test("one connection too many is closed with 4029", async ({ page }) => {
      await open(page);
      await mint(page, "Ada");
      await page.getByLabel("Times").first().fill("11");
      await button(page, "Connect");
      await expect(page.locator("[data-testid=connection][data-state=closed]")).toContainText("4029");
      await expect(page.locator("[data-testid=connection][data-state=open]")).toHaveCount(10);
    });
  });
});

test.describe("send", () => {
  test("a form becomes a message, whose faults are pointed at, and a command with an id applies once", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await connect(page, 1);
    await page.getByLabel("A new id each time").uncheck();
    await page.getByLabel("id, for idempotence").fill("once");
    await sendTimer(page, "Tea");
    const created = entries(page, "timer.created");
    await expect(created).toHaveCount(1);
    await button(page, "Send the last one again");
    await expect(created).toHaveCount(2);
    await expect(created.first().locator("code")).toContainText('"replayed":true');

    // The timer is offered where one is asked for.
    await page.getByLabel("A new id each time").check();
    await page.getByLabel("Message", { exact: true }).selectOption("timer.pause");
    const fault = page.getByRole("alert");
    await expect(fault).toContainText("timer_id is missing");
    const offered = page.locator("#pg-timers option");
    await expect(offered).toHaveText("Tea (RUNNING)");
    await page.getByLabel("timer_id (required)").fill((await offered.getAttribute("value")) ?? "");
    await expect(fault).toHaveCount(0);
    await button(page, "Send");
    await expect(entries(page, "timer.updated")).toHaveCount(1);

    // The text may be anything.
    const raw = page.getByLabel("The message as it is sent");
    await raw.fill('{\n  "type": }');
    await expect(fault).toContainText("Line 2, column 11: not JSON");
    await button(page, "Show it");
    await expect(raw).toBeFocused();
    expect(await raw.evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(12);
    await button(page, "Send");
    await expect(entries(page, "error").locator("code")).toContainText("INVALID_MESSAGE");

    await raw.fill('{"type": "timer.pause", "payload": {"timer_id": "018f5b1e-0000-7000-8000-000000000000", "titel": 1}}');
    await expect(fault).toContainText("Line 1, column 89: titel is no member of timer.pause, and is ignored");
    await raw.fill('{"type": "timer.pause", "payload": []}');
    await expect(fault).toContainText("Line 1, column 36: payload is []; an object is expected");

    // What was edited by hand is not lost when the form is used.
    await page.getByLabel("timer_id (required)").fill("");
    await expect(raw).toHaveValue(/"payload": \[\]/);
    await expect(page.getByRole("status")).toContainText("was edited by hand");

    await page.getByLabel("Message", { exact: true }).selectOption("auth.renew");
    await button(page, "A new token of this test user");
    await expect(raw).toHaveValue(/"token": "ey/);
    await button(page, "Send");
    await expect(entries(page, "auth.renewed")).toHaveCount(1);

    await page.getByLabel("Message", { exact: true }).selectOption("ping");
    await page.locator("#pg-send-times").fill("5");
    await button(page, "Send it so many times");
    await expect(entries(page, "pong")).toHaveCount(5);
    await expect(page.getByTestId("round-trip").filter({ hasText: "answered by" })).not.toHaveCount(0);
  });
});

test.describe("log", () => {
  test("frames are filtered, searched, paused, copied and exported", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page);
    await mint(page, "Ada");
    await connect(page, 1);
    await sendTimer(page, "Coffee");
    const created = entries(page, "timer.created");
    await expect(created).toHaveAttribute("data-group", "timer");
    await expect(created).toContainText(/\d+ B/);
    await expect(created).toContainText(/answers \d+/);
    await expect(entries(page, "timer.create").getByTestId("round-trip")).toHaveText(/answered by \d+ after \d+\.\d ms/);

    await created.locator("summary").click();
    await expect(created.locator("pre")).toContainText('"title": "Coffee"');
    await expect(created.getByRole("link", { name: "Read on" })).toHaveAttribute("href", "/docs/websocket#message-timer.created");
    await created.getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('"title":"Coffee"');

    const all = page.getByTestId("entry");
    await page.getByLabel("Type", { exact: true }).selectOption("timer.created");
    await expect(all).toHaveCount(1);
    await page.getByLabel("Type", { exact: true }).selectOption({ label: "all" });
    await page.getByLabel("Direction").selectOption("sent");
    await expect(all).toHaveCount(1);
    await page.getByLabel("Direction").selectOption({ label: "both" });
    await page.getByLabel("Search").fill("coffee");
    await expect(all).toHaveCount(2);
    await page.getByLabel("Search").fill("");

    const before = await all.count();
    await page.getByLabel("Pause").check();
    await button(page, "Ping, and estimate the offset");
    await expect(page.getByText(new RegExp(`${before} of ${before + 2} entries`))).toBeVisible();
    await expect(all).toHaveCount(before);
    await page.getByLabel("Pause").uncheck();
    await expect(all).toHaveCount(before + 2);

    const saved = page.waitForEvent("download");
    await button(page, "Export as JSON lines");
    const lines = (await readFile(await (await saved).path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
    expect(lines).toHaveLength(before + 2);
    expect(lines[0]).toMatchObject({ connection: 1, direction: "opened" });
    await page.getByLabel("Type", { exact: true }).selectOption("pong");
    await button(page, "Clear");
    await expect(all).toHaveCount(0);
    await expect(page.getByLabel("Type", { exact: true })).toHaveValue("");
    await connection(page, 1).getByRole("button", { name: "Close" }).click();
    await expect(entries(page, "close 1000")).toContainText("What a client should do: Reconnect if wanted.");
  });
});

test.describe("side by side", () => {
  test("two devices and a friend agree with the REST API, and a difference is marked", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await mint(page, "Ben");
    await mint(page, "Cleo");
    await page.getByLabel("Friend", { exact: true }).selectOption({ label: "Ada" });
    await page.getByLabel("Other friend").selectOption({ label: "Ben" });
    await button(page, "Make Ada and Ben friends");
    await expect(page.getByRole("status")).toHaveText("Ada and Ben are friends.");
    await page.getByLabel("Dialect").selectOption({ label: "camel" });
    await connect(page, 1, "Ada");
    await page.getByLabel("Dialect").selectOption({ label: "snake" });
    await page.getByLabel("Timezone").fill("+09:00");
    await connect(page, 2, "Ben");
    await connect(page, 3, "Ada");
    await sendTimer(page, "Together");
    for (const number of [1, 3]) {
      await expect(device(page, number).getByTestId("believed")).toContainText("Together");
      await expect(device(page, number)).toHaveAttribute("data-verdict", "agree");
    }
    await expect(entries(page, "timer.friend_activity").locator("code")).toContainText("Together");
    await expect(device(page, 2).getByTestId("believed")).toHaveCount(0);

    // What REST says is changed on its way.
    await page.route("**/v1/timers?*", async (route) => {
      const answer = await route.fetch();
      const timers = await answer.json();
      for (const timer of timers) timer.status = "PAUSED";
      await route.fulfill({ response: answer, json: timers });
    });
    await device(page, 1).getByRole("button", { name: "Ask the REST API again" }).click();
    await expect(device(page, 1)).toHaveAttribute("data-verdict", "differ");
    await expect(device(page, 1).locator("[data-differs=true]")).toContainText('status: "RUNNING" here, "PAUSED" by REST');
    await expect(device(page, 3)).toHaveAttribute("data-verdict", "agree");
    await connection(page, 1).getByRole("button", { name: "Close" }).click();
    await expect(device(page, 1)).toHaveAttribute("data-verdict", "closed");
  });

  test("a connection that missed a change differs", async ({ page }) => {
    await page.routeWebSocket(/\/v1\/ws\/timers\?shared=true/, (client) => {
      const server = client.connectToServer();
      server.onMessage((message) => {
        if (!String(message).includes('"timer.created"')) client.send(message);
      });
    });
    await open(page);
    await mint(page, "Ada");
    await page.getByLabel("shared").check();
    await connect(page, 1);
    await page.getByLabel("shared").uncheck();
    await connect(page, 2);
    await sendTimer(page, "Missed");
    await expect(device(page, 2)).toHaveAttribute("data-verdict", "agree");
    await expect(device(page, 1)).toHaveAttribute("data-verdict", "differ");
    await expect(device(page, 1).getByTestId("believed")).toContainText("the connection does not know it");
  });
});

test.describe("record and replay", () => {
  test("a session is saved, played again for a fresh user, and is a program that runs", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await page.getByLabel("Dialect").selectOption({ label: "camel" });
    await connect(page, 1);
    await sendTimer(page, "Recorded");
    const offered = page.locator("#pg-timers option");
    await page.getByLabel("Message", { exact: true }).selectOption("timer.stop");
    await expect(offered).toHaveText("Recorded (RUNNING)");
    await page.getByLabel("timer_id (required)").fill((await offered.getAttribute("value")) ?? "");
    await button(page, "Send");
    await expect(entries(page, "timer.completed")).toHaveCount(1);

    await button(page, "Binary");
    await expect(entries(page, "close 1003")).toHaveCount(1);
    await button(page, "Record the session of the selected connection");
    await expect(page.getByRole("status"), "it is said where one looks").toBeInViewport();
    const saved = page.waitForEvent("download");
    await button(page, "Save it as a file");
    const file = await (await saved).path();
    await page.getByLabel("JSON lines").fill("nonsense");
    await expect(page.getByRole("alert").last()).toContainText("Line 1 is no line of a recording");
    await page.getByLabel("Load a file").setInputFiles(file);
    await expect(page.getByLabel("JSON lines")).toHaveValue(/Recorded/);

    await button(page, "Play at once");
    await expect(page.getByRole("status")).toHaveText("Played 3 of 3 messages on #2.");
    await expect(entries(page, "close 1003"), "binary messages are played as such").toHaveCount(2);
    await expect(device(page, 2).getByTestId("believed")).toContainText("COMPLETED");
    await expect(connection(page, 2)).toContainText("Replay");
    // In its dialect.
    const again = page.locator('[data-testid=entry][data-type="timer.created"]').filter({ hasText: "#2" });
    await expect(again.locator("code")).toContainText('"allocatedDuration"');
    await button(page, "Play at its pace");
    await expect(page.getByRole("status")).toHaveText("Played 3 of 3 messages on #3.");
    await expect(device(page, 3).getByTestId("believed")).toContainText("COMPLETED");

    for (const language of ["curl and websocat", "Python", "Rust"]) {
      await page.getByLabel("As a program").selectOption({ label: language });
      await expect(page.getByTestId("program")).toContainText("/v1/ws/timers");
    }
    await page.getByLabel("As a program").selectOption({ label: "JavaScript" });
    await expect(page.getByTestId("program")).toContainText("const timer1");
    const program = (await page.getByTestId("program").textContent()) ?? "";
    const heard = page.waitForEvent("console", (message) => message.text().includes('"status":"COMPLETED"'));
    const ended = page.waitForEvent("console", (message) => message.text().startsWith("closed 1"));
    // The policy of the page forbids scripts from texts; the debugger's do not count.
    await page.evaluate(`(async () => {${program}})()`);
    await heard;
    await ended;
  });
});

test.describe("faults", () => {
  test("malformed, unknown, binary and too large messages are answered as the contract says", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await connect(page, 1);
    await button(page, "Malformed JSON");
    await expect(entries(page, "error").first().locator("code")).toContainText("INVALID_MESSAGE");
    await button(page, "Unknown type");
    await expect(entries(page, "error").first().locator("code")).toContainText("UNKNOWN_TYPE");
    await button(page, "Binary");
    await expect(entries(page, "close 1003")).toContainText("Fix the client.");
    await connect(page, 2);
    await button(page, "65,537 bytes");
    await expect(entries(page, "close 1009")).toHaveCount(1);
  });

  test("the server closes by each code, and cuts", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    const codes = page.getByLabel("Close code");
    const values = await codes.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(values.length).toBeGreaterThanOrEqual(10);
    let number = 0;
    for (const code of values) {
      await connect(page, (number += 1));
      await codes.selectOption(code);
      await button(page, "Have the server close");
      await expect(connection(page, number)).toContainText(code);
      await expect(connection(page, number)).toHaveAttribute("data-state", "closed");
    }
    await connect(page, (number += 1));
    await button(page, "Cut without a Close frame");
    await expect(connection(page, number)).toContainText("1006");
    await expect(connection(page, number)).toContainText("No Close frame");
  });

  test("expired tokens are refused, and one that expires ends its connection", async ({ page, guard }) => {
    // The REST API refuses it as well.
    guard.allow(/status of 401/);
    await open(page);
    await mint(page, "Ada");
    await button(page, "Connect with an expired token");
    await expect(connection(page, 1)).toContainText("1008, the token has expired");
    await button(page, "Connect with a token of 5 seconds");
    await expect(connection(page, 2)).toHaveAttribute("data-state", "open");
    await expect(connection(page, 2)).toContainText("1008, the token has expired");
  });

  test("a clock that is off by an hour is estimated, and its times are refused when they are to come", async ({ page }) => {
    await open(page);
    await mint(page, "Ada");
    await connect(page, 1);
    await page.getByLabel("This client's clock").selectOption({ label: "is an hour ahead" });
    // Pongs that are still to come are not taken for the answer.
    await button(page, "Burst");
    await button(page, "Ping, and estimate the offset");
    await expect(connection(page, 1)).toContainText(/clock is -3(600\.\d|599\.\d) s from this client's/);
    await button(page, "Start a timer when this clock says");
    await expect(entries(page, "error").locator("code")).toContainText("OCCURRED_AT_INVALID");
    await page.getByLabel("This client's clock").selectOption({ label: "is an hour behind" });
    await button(page, "Start a timer when this clock says");
    await expect(device(page, 1).getByTestId("believed")).toContainText(/RUNNING, 3[56]\d\d s/);
  });

  test.describe("with limits", () => {
    test.use({ env: { WS_RATE_LIMIT_ENABLED: "true" } });

    test("a burst over the limit is refused, and the connection stays", async ({ page }) => {
      await open(page);
      await mint(page, "Ada");
      await connect(page, 1);
      await button(page, "Burst");
      await expect(entries(page, "error").first().locator("code")).toContainText("RATE_LIMIT_EXCEEDED");
      await expect(connection(page, 1)).toHaveAttribute("data-state", "open");
    });
  });
});

test.describe("look", () => {
  test("it needs no mouse", async ({ page }) => {
    await open(page);
    await page.getByLabel("Test user").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("user")).toHaveCount(1);
    await page.getByLabel("Times").first().focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(connection(page, 1)).toHaveAttribute("data-state", "open");
    await page.locator("#pg-raw").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect(entries(page, "timer.created")).toHaveCount(1);
  });

  test("it is accessible in both themes, wide and narrow", async ({ page }, testInfo) => {
    await open(page);
    await mint(page, "Ada");
    await mint(page, "Ben");
    await connect(page, 1, "Ada");
    await connect(page, 2, "Ben");
    await sendTimer(page, "Look at it");
    await button(page, "Malformed JSON");
    await expect(entries(page, "error")).toHaveCount(1);
    await connection(page, 1).getByRole("button", { name: "Close" }).click();
    await expect(connection(page, 1)).toHaveAttribute("data-state", "closed");
    await button(page, "Record the session of the selected connection");
    await page.evaluate(axe.source);
    // A narrow page is long: its parts are near by links that stay in sight.
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Log" }).click();
    await expect(page.getByRole("heading", { name: "Log" })).toBeInViewport();
    await expect(page.getByRole("navigation", { name: "On this page" })).toBeInViewport();
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [WIDE, { width: 360, height: 740 }]) {
        const look = `playground-${colorScheme}-${viewport.width}`;
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize(viewport);
        const violations = await page.evaluate(async () => {
          const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
        });
        expect.soft(violations, look).toEqual([]);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect.soft(widths[0], `${look} needs no sideways scrolling`).toBeLessThanOrEqual(widths[1] ?? 0);
        await page.screenshot({ path: testInfo.outputPath(`${look}.png`), fullPage: true });
      }
    }
  });
});

test.describe("docs", () => {
  test("the REST API is described, tried with a token, and links to the playground", async ({ page, server }) => {
    const minted = await page.request.post(`${server.url}/ws-playground/users`, { data: { name: "Ada" } });
    const { access_token } = await minted.json();
    await page.goto("/docs");
    await page.getByRole("button", { name: "Authorize" }).first().click();
    const dialog = page.locator(".modal-ux");
    await dialog.getByLabel("auth-bearer-value").fill(access_token);
    await dialog.getByRole("button", { name: "Apply credentials" }).first().click();
    await dialog.getByRole("button", { name: "Close" }).first().click();
    const operation = page.locator("#operations-users-get_me");
    await operation.getByRole("button").first().click();
    await operation.getByRole("button", { name: "Try it out" }).click();
    await operation.getByRole("button", { name: "Execute" }).click();
    await expect(operation.locator(".live-responses-table")).toContainText('"display_name": "Ada"');
    await page.getByRole("link", { name: "Playground", exact: true }).click();
    await expect(page).toHaveURL(/\/ws-playground$/);
  });

  test("each message is described where the playground links to", async ({ page, server }) => {
    const api = await (await page.request.get(`${server.url}/openapi.json`)).json();
    expect(api.info.description).toContain("open [/ws-playground](/ws-playground), enter a JWT, and test the socket");
    await open(page);
    await page.getByLabel("Message", { exact: true }).selectOption("timer.correct");
    await page.getByRole("link", { name: "Read on" }).first().click();
    await expect(page).toHaveURL(/\/docs\/websocket#message-timer\.correct$/);
    const described = page.locator("[id='message-timer.correct']");
    await expect(described).toBeInViewport();
    await expect(described).toContainText("Moves the end of a COMPLETED timer");
    await expect(page.getByText("authorization.bearer.<jwt>").first()).toBeAttached();
    await page.getByRole("link", { name: "Playground", exact: true }).click();
    await expect(page).toHaveURL(/\/ws-playground$/);
  });
});
