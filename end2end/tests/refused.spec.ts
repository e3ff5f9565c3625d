import { expect, test } from "../fixtures";
import { live, signIn, signUp, start, timer } from "../steps";

test("a refused command is rolled back, and the page shows the reason", async ({ page, open }) => {
  await signUp(page, "Ada");
  await start(page, "Write", 25);

  // The desk receives no events of the other devices: the proxy holds them back.
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

  // On the desk the timer still runs, so it offers a pause; the server refuses it.
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "RUNNING");
  await timer(desk, "Write").getByRole("button", { name: "Pause" }).click();
  await expect(desk.getByRole("alert")).toBeVisible();
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "RUNNING");

  holding = false;
  held.forEach((pass) => pass());
  await expect(timer(desk, "Write")).toHaveAttribute("data-status", "PAUSED");
});
