// @module-tag soak
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { CASES, UNCHANGED } from "./inject/cases.ts";
import { alarmsOf, outcomeOf } from "./pipeline/outcome-of.ts";
import { createRunCase, type RunCase } from "./pipeline/run-case.ts";

// One seed each; the full run, with what it takes to find each, is `npm run bench:regressions`.
// Four seconds a case; the limit is for hangs.
vi.setConfig({ testTimeout: 600_000 });

let world: TestStore;
let runCase: RunCase;
beforeAll(async () => {
  world = await openTestStore();
  runCase = createRunCase(world.store(), Date.now());
});
afterAll(() => world.end());

describe("a regression is found, named, and put down to what changed", () => {
  it.each(CASES)("$name", async (each) => {
    const outcome = outcomeOf(each, await runCase(each, 1));
    expect(outcome).toMatchObject({ foundBy: expect.any(String), isNamed: true, isAttributed: true });
  });
});

test.each([1, 2])("nothing injected: silence (seed %i)", async (seed) => {
  expect(alarmsOf(await runCase(UNCHANGED, seed))).toEqual([]);
});
