/** Alarms: a timer whose time is up rings once in a browser, also in a hidden tab, until somebody answers on any device. */
import type { BrowserContext, Page } from "@playwright/test";
import { Api } from "../api";
import { expect, test } from "../fixtures";
import { live, signIn, signUp, timer } from "../steps";

/** Starts a timer of some seconds, and switches notifications on. */
async function prepare(page: Page, context: BrowserContext): Promise<Api> {
  await context.grantPermissions(["notifications"]);
  await signUp(page, "Ada");
  const api = await Api.of(page);
  await api.patch("/v1/users/me/preferences", { notifications: true });
  return api;
}

/** Starts a timer over a socket, as another device would. */
async function begin(page: Page, title: string, seconds: number): Promise<void> {
  const grant = await (await page.request.post("/v1/auth/refresh")).json();
  await page.evaluate(
    ([token, title, seconds]) =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/v1/ws/timers`, ["lockstep.v1", `authorization.bearer.${token}`]);
        const payload = { title, allocated_duration: seconds };
        socket.onopen = () => socket.send(JSON.stringify({ type: "timer.create", id: crypto.randomUUID(), payload }));
        socket.onmessage = ({ data }) => {
          if (JSON.parse(data).type === "timer.created") resolve(socket.close());
        };
      }),
    [grant.access_token, title, seconds] as [string, string, number],
  );
}

/** Notes the notifications of a page in place of showing them. */
async function note(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const rung: string[] = [];
    Object.assign(window, { rung });
    class Noted {
      static permission = "granted";
      static requestPermission = () => Promise.resolve("granted");
      constructor(text: string) {
        rung.push(text);
      }
    }
    Object.assign(window, { Notification: Noted });
  });
}

const rung = (page: Page) => page.evaluate(() => (window as unknown as { rung: string[] }).rung);

test("of two tabs, one rings", async ({ page, context }) => {
  await note(context);
  await prepare(page, context);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/");
    await live(tab);
  }
  await begin(page, "Tea", 2);
  await expect.poll(async () => [...(await rung(page)), ...(await rung(other))]).toHaveLength(1);
  for (const tab of [page, other]) await expect(timer(tab, "Tea")).toContainText(/over time|time is up/i);
  const all = [...(await rung(page)), ...(await rung(other))];
  expect(all).toHaveLength(1);
  expect(all[0]).toContain("Tea");
});

test("a hidden tab rings on time, though its own timers run once a minute", async ({ page, context }) => {
  await note(context);
  await prepare(page, context);
  await context.addInitScript(() => {
    const later = window.setTimeout;
    Object.assign(window, {
      hide: () => {
        Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
        Object.defineProperty(document, "hidden", { get: () => true });
        // Of what is set from now on, nothing is due before the test has ended.
        window.setTimeout = ((then: () => void, millis = 0) => later(then, millis + 600_000)) as typeof setTimeout;
        document.dispatchEvent(new Event("visibilitychange"));
      },
    });
  });
  await page.goto("/");
  await live(page);
  await begin(page, "Tea", 6);
  await expect(timer(page, "Tea")).toHaveAttribute("data-status", "RUNNING");
  await page.evaluate(() => (window as unknown as { hide: () => void }).hide());
  await expect.poll(() => rung(page)).toHaveLength(1);
});

test.describe("with the service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("the notification goes when the timer is paused on another device", async ({ page, context, open }) => {
    await prepare(page, context);
    await page.goto("/");
    await live(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await begin(page, "Tea", 1);
    const shown = () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration();
        return (await worker?.getNotifications())?.map((notification) => notification.title);
      });
    await expect.poll(shown).toEqual([expect.stringContaining("Tea")]);
    const desk = await (await open()).newPage();
    await signIn(desk, "Ada");
    await timer(desk, "Tea").getByRole("button", { name: "Pause" }).click();
    await expect.poll(shown).toEqual([]);
  });
});
