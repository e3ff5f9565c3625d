/**
 * Repeats what failed after everything else that the tests print: a log is often cut at its beginning. A test that passed
 * only when it was tried again is named too, since it shows a fault that depends on time.
 */
import { relative } from "node:path";
import type { FullConfig, Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** The number of lines of an error that are repeated. */
const LINES = 20;

export default class Failures implements Reporter {
  private suite: Suite | undefined;

  printsToStdio(): boolean {
    return true;
  }

  onBegin(_: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  onEnd(): void {
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === "unexpected") print(test, "Failed");
      if (outcome === "flaky") print(test, "Failed at first, and passed when it was tried again");
    }
  }
}

function print(test: TestCase, outcome: string): void {
  const { file, line } = test.location;
  console.log(`\n${outcome}: ${relative("", file)}:${line} ${test.title}`);
  const failure = test.results.find((result) => result.status !== test.expectedStatus);
  for (const error of failure?.errors ?? []) {
    const text = (error.message ?? error.value ?? "").replace(/\u001b\[[0-9;]*m/g, "");
    const place = error.location && `at ${relative("", error.location.file)}:${error.location.line}`;
    const lines = text.split("\n").filter((line) => line.trim()).slice(0, LINES);
    for (const line of [...lines, ...(place ? [place] : [])]) console.log(`    ${line}`);
  }
}
