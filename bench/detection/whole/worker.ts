import { parentPort } from "node:worker_threads";
import { createConversationPool } from "./conversation-pool.ts";
import { rampMigration } from "./ramp-migration.ts";
import { simulateRamp } from "./simulate-ramp.ts";

/** What a worker is asked: seeds, and the settings of their runs. */
export interface RampTask {
  readonly from: number;
  readonly runs: number;
  readonly horizonMinutes: number;
  /** Length of the ticks while the ramp goes on, and at its end, minutes. */
  readonly rampTick: number;
  readonly endTick: number;
}

/** For this long after a traffic step every minute is a tick. */
const YOUNG_MINUTES = 60;

const pool = createConversationPool();
const migration = rampMigration();
const lastStage = migration.stages.length - 1;

parentPort?.on("message", ({ from, runs, horizonMinutes, rampTick, endTick }: RampTask) => {
  const tickMinutes = (stage: number, age: number): number =>
    age < YOUNG_MINUTES ? 1 : stage < lastStage ? rampTick : endTick;
  const outcomes = Array.from({ length: runs }, (_, i) =>
    simulateRamp({ pool, migration, seed: from + i, horizonMinutes, tickMinutes }),
  );
  parentPort?.postMessage(outcomes);
});
