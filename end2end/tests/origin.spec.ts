import type { APIRequestContext, Frame, Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { PASSWORD } from "../steps";

/** A valid token, so that only the page's origin can be the reason for a refusal. */
async function getToken(request: APIRequestContext): Promise<string> {
  const data = { email: "ada@example.com", password: PASSWORD };
  const response = await request.post("/v1/auth/sign-up", { data });
  expect(response.status()).toBe(201);
  return (await response.json()).access_token;
}

/** The first thing that the open page receives on a WebSocket: a message's type, or the close code. */
async function listen(page: Page | Frame, server: string, token: string): Promise<string | number> {
  const url = `${server.replace("http", "ws")}/v1/ws/timers`;
  return page.evaluate(
    ({ url, protocols }) =>
      new Promise<string | number>((resolve) => {
        const socket = new WebSocket(url, protocols);
        socket.onmessage = (message) => resolve(JSON.parse(message.data).type);
        socket.onclose = (close) => resolve(close.code);
      }),
    { url, protocols: ["lockstep.v1", `authorization.bearer.${token}`] },
  );
}

test("a page of the server's own origin may connect", async ({ page, request, server }) => {
  const token = await getToken(request);
  await page.goto("/sign-in");
  expect(await listen(page, server.url, token)).toBe("connected");
});

test("a page of another port may not connect, even with a valid token", async ({ page, request, server, elsewhere, guard }) => {
  guard.allow(/WebSocket connection to .* failed.*403/);
  const token = await getToken(request);
  await page.goto(elsewhere.origin);
  expect(await listen(page, server.url, token)).toBe(1006);
  // A sandboxed frame has the origin "null".
  await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<p>Nowhere</p>"></iframe>');
  const frame = await (await page.locator("iframe").elementHandle())?.contentFrame();
  if (!frame) throw new Error("The frame has no content.");
  expect(await frame.evaluate(() => origin)).toBe("null");
  expect(await listen(frame, server.url, token)).toBe(1006);
});

test.describe("with another origin allowed", () => {
  test.use({ env: async ({ elsewhere }, use) => use({ CORS_ALLOWED_ORIGINS: elsewhere.origin.replace("http", "ws") }) });

  test("a page of the allowed origin may connect, and others may not", async ({ page, request, server, elsewhere, guard }) => {
    guard.allow(/WebSocket connection to .* failed.*403/);
    const token = await getToken(request);
    await page.goto(elsewhere.origin);
    expect(await listen(page, server.url, token)).toBe("connected");
    // The same port under another host name is another origin.
    await page.goto(elsewhere.origin.replace("127.0.0.1", "localhost"));
    expect(await listen(page, server.url, token)).toBe(1006);
  });
});
