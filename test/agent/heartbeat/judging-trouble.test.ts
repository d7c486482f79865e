import { describe, expect, it } from "vitest";
import { type JudgingParts, judgingTrouble } from "../../../agent/heartbeat/judging-trouble.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const NOW = Date.UTC(2026, 10, 20, 2, 0);

type Runner = ReturnType<JudgingParts["runners"]>[number];

/** Only what is looked at. */
const runner = (name: string, lastTick: number | null, problem = ""): Runner =>
  ({
    migration: aMigration({ name }),
    history: { problem: () => problem },
    detector: { lastTick: () => lastTick },
  }) as unknown as Runner;

const monitor = (problem: string): JudgingParts["monitors"][number] =>
  ({ runner: { monitor: { name: "watch" }, problem: () => problem } }) as unknown as JudgingParts["monitors"][number];

const troubleOf = (parts: Partial<JudgingParts>): Promise<string> =>
  judgingTrouble({
    runners: () => [],
    monitors: [],
    ping: async () => true,
    patienceMs: 67_000,
    now: () => NOW,
    ...parts,
  });

describe("whether all is judged", () => {
  it.each<[string, Partial<JudgingParts>, string]>([
    ["every migration is", { runners: () => [runner("a", NOW - 7_000), runner("b", NOW - 67_000)] }, ""],
    [
      "one of two is not",
      { runners: () => [runner("a", NOW), runner("b", NOW - 68_000)] },
      "b: judged up to 2026-11-20T01:58:52Z, and no further",
    ],
    ["one has not begun", { runners: () => [runner("a", null)] }, "a: nothing is judged yet"],
    [
      "the ledger of one is not read",
      { runners: () => [runner("a", NOW, "the ledger cannot be read")] },
      "a: the ledger cannot be read",
    ],
    [
      "a monitor is not",
      { runners: () => [runner("a", NOW)], monitors: [monitor("not judged: x")] },
      "monitor watch: not judged: x",
    ],
    ["there is nothing to judge, and the store answers", {}, ""],
    ["there is nothing to judge, and the store does not", { ping: async () => false }, "the store does not answer"],
    ["monitors are all there is", { monitors: [monitor("")], ping: async () => false }, "the store does not answer"],
  ])("is said where %s", async (_what, parts, expected) => {
    expect(await troubleOf(parts)).toBe(expected);
  });
});
