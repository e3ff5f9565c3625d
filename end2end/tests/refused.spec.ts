import { expect, test } from "../fixtures";
import { live, signIn, signUp, start, timer } from "../steps";

test("a command that is refused is rolled back, and the page says why", async ({ page, open }) => {
  await signUp(page, "Ada");
  await start(page, "Write", 25);

  // The desk does not hear what the others do: its events are held back on the way.
  const desk = await (await open()).newPage();
  const held: (() => void)[] = [];
  let holding = false;
  await desk.routeWebSocket("**/v1/ws/timers**", (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const isEvent = !JSON.parse(String(message)).reply_to;
      if (holding && isEvent) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
  await signIn(desk, "Ada");
  await live(desk);
  holding = true;
  await timer(page, "Write").getByRole("button", { name: "Pause" }).click();
  await expect(timer(page, "Write").getByRole("button", { name: "Resume" })).toBeEnabled();
  await expect.poll(() => held.length).toBe(1);

  // For the desk the timer still runs, so it may ask for a pause; the server knows better.
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "RUNNING");
  await timer(desk, "Write").getByRole("button", { name: "Pause" }).click();
  await expect(desk.getByRole("alert")).toBeVisible();
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "RUNNING");

  holding = false;
  held.forEach((pass) => pass());
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "PAUSED");
});
