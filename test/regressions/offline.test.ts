// @module-tag soak
import { join } from "node:path";
import { describe, expect, it, test, vi } from "vitest";
import { compare } from "../../cli/commands/compare.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { CASES, UNCHANGED } from "./inject/cases.ts";
import { withRegression } from "./pipeline/arms.ts";
import { compareCalls, namedFeatures } from "./pipeline/compare-calls.ts";
import { recordsOf } from "./pipeline/records-of.ts";
import { SETTINGS } from "./pipeline/run-case.ts";
import type { Call } from "./traffic/call.ts";
import { trafficOf } from "./traffic/traffic.ts";

// The full run, with more seeds and what it takes to find each, is `npm run bench:regressions`.

// Half a second a comparison; the limit is for hangs.
vi.setConfig({ testTimeout: 600_000 });

describe("leeway compare names what was injected", () => {
  const calls = trafficOf(SETTINGS, 1);
  const told = CASES.filter(({ offline }) => offline !== null);
  it.each(told)("$name", ({ inject, offline, task }) => {
    const comparison = compareCalls(withRegression(calls, inject), task ?? "inputType");
    expect(comparison.verdict).toBe("drift");
    expect(namedFeatures(comparison).filter((name) => offline?.includes(name))).not.toEqual([]);
  });
});

test("as a file of records: exit 1 for what was injected, 0 for nothing", async () => {
  const equal = trafficOf(SETTINGS, 1);
  const worse = withRegression(equal, CASES[0]?.inject ?? UNCHANGED.inject);
  const lines = (calls: readonly Call[]): string =>
    recordsOf(calls, "inputType")
      .map((record) => `${JSON.stringify(record)}\n`)
      .join("");
  const directory = temporaryDirectory({ "equal.jsonl": lines(equal), "worse.jsonl": lines(worse) });
  const exitCode = (file: string): Promise<number> =>
    compare(
      {
        records: join(directory, file),
        baseline: null,
        canary: null,
        json: true,
        allowUndecided: false,
        strict: false,
        html: null,
      },
      () => undefined,
    );
  expect(await exitCode("equal.jsonl")).toBe(0);
  expect(await exitCode("worse.jsonl")).toBe(1);
});

test("nothing injected: found at most as rarely as stated, in five seeds, whatever answers are compared inside", () => {
  const verdicts = [1, 2, 3, 4, 5].flatMap((seed) => {
    const calls = trafficOf(SETTINGS, seed);
    return (["inputType", "language"] as const).map((task) => compareCalls(calls, task).verdict);
  });
  // One in twenty is what is stated.
  expect(verdicts.filter((verdict) => verdict !== "none").length).toBeLessThanOrEqual(2);
});
