import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

/** Chromium: `CHROMIUM`, as `cargo xtask test` sets it, else the first of its usual names on PATH. */
function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder; try the next one.
      }
    }
  }
  throw new Error("No Chromium on PATH: install it or set CHROMIUM to its path.");
}

export default defineConfig({
  testDir: "tests",
  // Each test has its own server, so tests run in parallel; two workers, since CI machines have two cores.
  fullyParallel: true,
  workers: 2,
  // A test that passes only the second time shows a fault that depends on time. Where a whole run decides, it is named at
  // the end (`failures.ts`) instead of failing the run.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./failures.ts"]],
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // `page.route` does not see what a service worker answers, and its limit of 3 s would decide on a busy machine what a
    // reloaded page shows. `offline.spec.ts` is about it.
    serviceWorkers: "block",
    // Without its pictures of each moment, which take as much of the machine as the pages do.
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: {
          executablePath: findChromium(),
          // The browser connects to the server under test only.
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      },
    },
  ],
});
