import type { Store } from "../../../store/store.ts";
import type { RegressionCase } from "../inject/cases.ts";
import type { Call } from "../traffic/call.ts";
import { type TrafficSettings, trafficOf } from "../traffic/traffic.ts";
import { createRowsOf, withRegression } from "./arms.ts";
import type { Course } from "./course.ts";
import { runMigration } from "./run-migration.ts";

/** Traffic of one run: half an hour in which each arm answers 4000 calls, enough for most cases. */
export const SETTINGS: TrafficSettings = { calls: 8000, minutes: 30, startHour: 14, share: 0.5 };

const HOUR_MS = 3_600_000;

/** The last whole hour whose traffic is over: spans from the future are refused, and old ones are thrown away. */
const originOf = (now: number): number => Math.floor(now / HOUR_MS) * HOUR_MS - HOUR_MS;

const nameOf = (name: string, seed: number): string => `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${seed}`;

/** Runs one case from generated calls to judgements. */
export type RunCase = (
  each: Pick<RegressionCase, "name" | "inject" | "canary" | "calls">,
  seed: number,
) => Promise<Course>;

/** Runs cases through `store`, whose engine has to be real. `now` is epoch ms. */
export const createRunCase = (store: Store, now: number): RunCase => {
  const originMs = originOf(now);
  const rowsOf = createRowsOf(originMs);
  const traffic = new Map<string, readonly Call[]>();
  return ({ name, inject, canary, calls = SETTINGS.calls }, seed) => {
    const equal = traffic.get(`${seed} ${calls}`) ?? trafficOf({ ...SETTINGS, calls }, seed);
    traffic.set(`${seed} ${calls}`, equal);
    const { migration, rows } = rowsOf({ name: nameOf(name, seed), calls: withRegression(equal, inject), canary });
    return runMigration(store, migration, rows, { originMs, minutes: SETTINGS.minutes });
  };
};
