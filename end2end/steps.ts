/** User actions on the pages, shared by all specs. */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures";

export const PASSWORD = "correct horse battery";

/** Waits until the page is hydrated: before that, clicks have no effect. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator("[data-hydrated]").first().waitFor({ state: "attached" });
}

export async function signUp(page: Page, name: string): Promise<void> {
  await page.goto("/sign-up");
  await hydrated(page);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail").fill(`${name.toLowerCase()}@example.com`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await live(page);
}

export async function signIn(page: Page, name: string): Promise<void> {
  await page.goto("/sign-in");
  await hydrated(page);
  await page.getByLabel("E-mail").fill(`${name.toLowerCase()}@example.com`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await live(page);
}

/** The connection status that the page shows. */
export function connection(page: Page): Locator {
  return page.getByTestId("connection");
}

export async function live(page: Page): Promise<void> {
  await expect(connection(page)).toHaveAttribute("data-state", "live", { timeout: 30_000 });
}

export async function start(page: Page, title: string, minutes: number): Promise<Locator> {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Minutes").fill(String(minutes));
  await page.getByLabel("Minutes").press("Enter");
  const card = timer(page, title);
  // Wait for the acknowledgement: until then the controls are disabled.
  await expect(card.getByRole("button", { name: "Pause" })).toBeEnabled();
  return card;
}

/** The card of a running or paused timer. */
export function timer(page: Page, title: string): Locator {
  return page.getByTestId("timer").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}

/** The remaining time that a card shows. */
export function remaining(card: Locator): Locator {
  return card.getByTestId("remaining");
}

/** A row in the list of timers that ended today. */
export function finished(page: Page, title: string): Locator {
  return page.getByTestId("finished").filter({ hasText: title });
}
