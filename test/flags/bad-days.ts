import { availableParallelism, loadavg } from "node:os";
import type { Store } from "../../store/store.ts";
import type { FlagUnderTest } from "../alerts/flags/flag-contract.ts";
import { startUnleash } from "../alerts/flags/start-unleash.ts";
import { openTestStore } from "../store/test-store.ts";
import { type DecisionToWrite, measureDecisionToWrite } from "./decision-to-write.ts";
import { liveFaults } from "./faults.ts";
import { createRealFlag, startRealUnleash } from "./peers/real-unleash.ts";
import type { UnleashServer } from "./peers/unleash-server.ts";

/** Where to, and how often each kind of day is lived. */
export interface BadDaysSettings {
  readonly print: (line: string) => void;
  readonly times: number;
}

const FLAGS = ["m00", "m01", "m02", "m03", "m04", "m05", "m06", "m07"];

/** Bad days: how each ended, on one target. True when all ended as they should. */
const showFaults = async (
  name: string,
  { store, under }: { readonly store: Store; readonly under: FlagUnderTest },
  { print, times }: BadDaysSettings,
): Promise<boolean> => {
  let isRight = true;
  print(`\nbad days on ${name}`);
  print("| what happens | times | rolled back, once | every notice once | writes of off |");
  print("| --- | --- | --- | --- | --- |");
  await liveFaults({ store, under, times }, ({ name: what, rolledBackOnce, toldOnce, offs }) => {
    isRight &&= rolledBackOnce === times && toldOnce === times;
    print(`| ${[what, times, rolledBackOnce, toldOnce, offs].join(" | ")} |`);
  });
  await under.close();
  return isRight;
};

const showDecision = (
  name: string,
  { rollbacks, p50, p95, max }: DecisionToWrite,
  limitMs: number,
  print: BadDaysSettings["print"],
): boolean => {
  const isKept = rollbacks === FLAGS.length && p95 <= limitMs;
  const verdict = isKept ? "kept" : "MISSED";
  const waits = `p50 ${p50}, p95 ${p95}, max ${max} ms`;
  print(`decision to flag write, ${name}: ${rollbacks} rollbacks, ${waits}; p95 at most ${limitMs} ms: ${verdict}`);
  return isKept;
};

/** The waits from decision to flag write: the agent's own flag, and Unleash where it could be had. True when both are short enough. */
export const measureDecisions = async (
  server: UnleashServer | null,
  print: BadDaysSettings["print"],
): Promise<boolean> => {
  print(`\non ${availableParallelism()} cores under a load of ${loadavg()[0]?.toFixed(1)}:`);
  const builtin = showDecision("builtin", await measureDecisionToWrite(FLAGS), 250, print);
  if (server === null) return builtin;
  for (const flag of FLAGS) await createRealFlag(server, flag);
  const entry = `{ type: unleash, url: "${server.url}", token: "${server.adminToken}", environment: development }`;
  const waits = await measureDecisionToWrite(FLAGS, { name: "prod", entry });
  return showDecision(server.kind, waits, 500, print) && builtin;
};

/** Faults on the double of Unleash, and on a real one where it could be had. True when every day ended as it should. */
export const measureFaults = async (server: UnleashServer | null, settings: BadDaysSettings): Promise<boolean> => {
  const database = await openTestStore();
  try {
    const store = database.store();
    const double = await showFaults("the double of Unleash", { store, under: await startUnleash() }, settings);
    if (server === null) return double;
    return (await showFaults(server.kind, { store, under: await startRealUnleash(server) }, settings)) && double;
  } finally {
    await database.end();
  }
};
