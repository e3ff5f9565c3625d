import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { live, signIn, signUp, start, timer } from "../steps";

/** Sends commands over a socket of its own, as another device of the user would. */
class Device {
  private constructor(private readonly page: Page) {}

  static async of(page: Page): Promise<Device> {
    const grant = await page.request.post("/v1/auth/refresh");
    const { access_token } = await grant.json();
    await page.evaluate(async (token) => {
      const socket = new WebSocket(`ws://${location.host}/v1/ws/timers`, ["lockstep.v1", `authorization.bearer.${token}`]);
      const waiting = new Map<string, (answer: { payload: { timer: { id: string } } }) => void>();
      socket.onmessage = (event) => {
        const answer = JSON.parse(event.data);
        waiting.get(answer.reply_to)?.(answer);
      };
      await new Promise<unknown>((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error("the socket was refused"));
      });
      const send = (type: string, payload: object) =>
        new Promise((resolve) => {
          const id = crypto.randomUUID();
          waiting.set(id, resolve);
          socket.send(JSON.stringify({ type, id, payload }));
        });
      Object.assign(window, { send });
    }, access_token);
    return new Device(page);
  }

  /** Creates timers. Returns their ids. */
  async create(count: number): Promise<string[]> {
    return this.page.evaluate(async (count) => {
      const { send } = window as unknown as { send: (type: string, payload: object) => Promise<any> };
      const ids = [];
      for (let i = 0; i < count; i++) {
        const answer = await send("timer.create", { title: `Timer ${i}`, allocated_duration: 3600 });
        ids.push(answer.payload.timer.id);
      }
      return ids;
    }, count);
  }

  /** Pauses and resumes timers in turn, so many times a second. */
  async work(ids: string[], each: number, seconds: number): Promise<void> {
    await this.page.evaluate(
      async ([ids, each, seconds]) => {
        const { send } = window as unknown as { send: (type: string, payload: object) => Promise<any> };
        for (let i = 0; i < each * seconds; i++) {
          const type = Math.floor(i / ids.length) % 2 === 0 ? "timer.pause" : "timer.resume";
          await Promise.all([
            send(type, { timer_id: ids[i % ids.length] }),
            new Promise((resolve) => setTimeout(resolve, 1000 / each)),
          ]);
        }
      },
      [ids, each, seconds] as [string[], number, number],
    );
  }
}

test("an event repaints the card that it concerns, and no other", async ({ page, context }) => {
  await signUp(page, "Ada");
  for (const title of ["Read", "Write", "Rest"]) {
    const card = await start(page, title, 25);
    await card.getByRole("button", { name: "Pause" }).click();
    await expect(card.getByRole("button", { name: "Resume" })).toBeEnabled();
  }
  await page.evaluate(() => {
    const painted = new Set<string>();
    Object.assign(window, { painted });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const card = element?.closest("[data-testid=timer]");
        if (card) painted.add(card.querySelector("h3")?.textContent ?? "");
      }
    }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
  });
  const other = await context.newPage();
  await other.goto("/");
  await live(other);
  await timer(other, "Write").getByRole("button", { name: "Resume" }).click();
  await expect(timer(page, "Write")).toHaveAttribute("data-status", "RUNNING");
  const painted = await page.evaluate(() => [...(window as unknown as { painted: Set<string> }).painted]);
  expect(painted).toEqual(["Write"]);
});

// A measurement, so it runs only when it is asked for: FRAMES=1, on a release build and an idle machine.
test("frames of a page with 500 timers and 20 events a second", async ({ page, open }) => {
  test.skip(!process.env.FRAMES, "a measurement: FRAMES=1 runs it");
  test.setTimeout(300_000);
  await signUp(page, "Ada");
  const desk = await (await open()).newPage();
  await signIn(desk, "Ada");
  const device = await Device.of(desk);
  const ids = await device.create(500);
  await page.reload();
  await live(page);
  await expect(page.getByTestId("timer")).toHaveCount(500, { timeout: 60_000 });
  await page.evaluate(() => {
    const frames: number[] = [];
    const work: number[] = [];
    Object.assign(window, { frames, work });
    let last = performance.now();
    const frame = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => work.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: "long-animation-frame",
    });
  });
  await device.work(ids, 20, 15);
  const measured = await page.evaluate(() => {
    const { frames, work } = window as unknown as { frames: number[]; work: number[] };
    const sorted = [...frames].sort((a, b) => a - b);
    const share = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    return { count: frames.length, median: share(0.5), p99: share(0.99), longest: share(1), long: work };
  });
  console.log(JSON.stringify(measured));
});
