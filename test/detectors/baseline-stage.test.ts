import { expect, test } from "vitest";
import { assumedSignals } from "../../agent/forecast/assumed-signals.ts";
import { documentOf } from "../../bench/ramp/documents.ts";
import { createUserWorld } from "../../bench/ramp/user-world.ts";
import type { Migration } from "../../core/migration.ts";
import { createEngine } from "../../detectors/engine.ts";
import { gateHolds } from "../../lifecycle/gate.ts";

const HOUR_MS = 3_600_000;
const playbook = documentOf("all-gates");
const rules = playbook.rules.filter(({ signal }) => signal !== "support_tickets");
const migration: Migration = {
  ...playbook,
  rules,
  stages: [{ kind: "baseline", forMs: HOUR_MS, approval: false }, ...playbook.stages],
};

const tickAt = (hour: number) => ({ from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS, stage: 0, share: 0 });

/** What keeps a baseline stage after so many hours of calls that are all the baseline's. */
const heldAfter = (hours: number): readonly string[] => {
  const world = createUserWorld(migration.name, assumedSignals(migration), {
    ...{ callsPerDay: 24_000, users: 5_000, seed: 3 },
  });
  const engine = createEngine(migration);
  let judgement = engine.step(world(tickAt(0)));
  for (let hour = 1; hour < hours; hour++) judgement = engine.step(world(tickAt(hour)));
  return gateHolds(migration, { stage: 0 }, judgement).map(({ block, rule }) => `${block} ${rule}`);
};

test("a baseline stage learns the baseline from its own calls, of which none before it is needed", () => {
  expect(heldAfter(1)).not.toEqual([]);
  expect(heldAfter(36)).toEqual([]);
});
