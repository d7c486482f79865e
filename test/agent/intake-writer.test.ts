import { expect, test } from "vitest";
import { createIntakeWriter, type IntakeWriterParts } from "../../agent/intake-writer.ts";
import type { IntakeTotals } from "../../store/insert-intake.ts";

const HOUR = 3_600_000;

const exporter = (dropped: number, unexplained: number) => ({
  ...{ service: "api", instance: "pod-1", made: 100, sent: 90, spooled: 0, received: 90, missing: 10, reportedMs: 0 },
  dropped,
  unexplained,
});

const world = () => {
  const inserted: IntakeTotals[] = [];
  const at = { now: 0, isDown: false };
  let stats: ReturnType<IntakeWriterParts["stats"]> = { exporters: [], flagEvaluations: [] };
  const write = createIntakeWriter("run-1", {
    stats: () => stats,
    insert: async (totals) => {
      if (at.isDown) throw new Error("down");
      inserted.push(totals);
    },
    now: () => at.now,
  });
  return {
    at,
    write,
    say: (dropped: number, unexplained: number, canary = 0) => {
      stats = {
        exporters: [exporter(dropped, unexplained)],
        flagEvaluations: canary === 0 ? [] : [{ service: "api", flag: "model", variant: "canary", count: canary }],
      };
    },
    last: () => inserted.at(-1)?.totals.map(({ kind, total }) => [kind, total]),
  };
};

test("what changed is written, under the name of the run", async () => {
  const { write, say, last } = world();
  say(3, 1, 7);
  await write();
  expect(last()).toEqual([
    ["dropped", 3],
    ["missing", 1],
    ["evaluated", 7],
  ]);
  say(3, 2, 7);
  await write();
  expect(last()).toEqual([["missing", 2]]);
});

test("what did not change is written once an hour, so that it is known to be so still", async () => {
  const { at, write, say, last } = world();
  say(0, 0);
  await write();
  at.now = HOUR - 1;
  await write();
  expect(last()).toEqual([]);
  at.now = HOUR;
  await write();
  expect(last()).toEqual([
    ["dropped", 0],
    ["missing", 0],
  ]);
});

test("what the store did not take is written the next time", async () => {
  const { at, write, say, last } = world();
  say(3, 0);
  at.isDown = true;
  await expect(write()).rejects.toThrow("down");
  at.isDown = false;
  await write();
  expect(last()).toEqual([
    ["dropped", 3],
    ["missing", 0],
  ]);
});
