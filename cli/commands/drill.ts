import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { DrillPlan } from "../../agent/drill-plan.ts";
import { LeewayError } from "../../core/errors.ts";
import type { DrillOutcome } from "../../core/ledger.ts";
import { printableValues } from "../../core/printable-values.ts";
import type { DrillView } from "../../status/drill-view.ts";
import type { ApiClient } from "../api-client.ts";
import { currentUser } from "../current-user.ts";
import type { ExitCode } from "../exit-code.ts";
import { drillEnd, drillSteps } from "../render/drill.ts";

/** What `leeway drill` is given beside the migration. */
export interface DrillOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly dry?: boolean;
  readonly json?: boolean;
}

interface DrillBody {
  readonly schema: "leeway.drill/1";
  readonly migration: string;
  readonly drill: DrillView | null;
}

type PlanBody = DrillPlan & { readonly schema: "leeway.drill-plan/1"; readonly migration: string };

/** How often the agent is asked, and how long an end is waited for. All in ms. */
export interface DrillPatience {
  readonly pollMs: number;
  /** After the end people may still have to be told. */
  readonly peopleMs: number;
  /** After the end the share may still have to be restored, which the agent goes on trying. */
  readonly restoreMs: number;
}

const PATIENCE: DrillPatience = { pollMs: 300, peopleMs: 5_000, restoreMs: 60_000 };

const EXIT: Readonly<Record<DrillOutcome, ExitCode>> = { proven: 0, flipped: 4, failed: 1, interrupted: 1 };

const showPlan = (plan: PlanBody, json: boolean, print: (text: string) => void): ExitCode => {
  const { migration, isPossible, problem, steps } = printableValues(plan);
  const verdict =
    isPossible === true ? "can be drilled" : isPossible === false ? "CANNOT be drilled" : "may be drilled, or not";
  if (json) print(`${JSON.stringify(plan)}\n`);
  else {
    print(`${migration}: ${verdict}${problem === "" ? "" : `: ${problem}`}\n`);
    for (const [i, step] of steps.entries()) print(`  ${i + 1}. ${step}\n`);
    print("nothing was written\n");
  }
  return isPossible === true ? 0 : isPossible === false ? 1 : 4;
};

const isSettled = ({ isOver, channels, seconds }: DrillView, waitedMs: number, patience: DrillPatience): boolean =>
  isOver
    ? seconds.people !== null || channels?.length === 0 || waitedMs > patience.peopleMs
    : waitedMs > patience.restoreMs;

/** Prints each step when it is taken; resolves with the drill when it is over, or what is left of it takes too long. */
const follow = async (
  ask: () => Promise<DrillView>,
  print: (text: string) => void,
  patience: DrillPatience,
): Promise<DrillView> => {
  const shown = new Set<string>();
  const ended: { at: number | null; isOver: boolean } = { at: null, isOver: false };
  for (;;) {
    const drill = await ask();
    for (const [step, text] of drillSteps(printableValues(drill))) {
      if (!shown.has(step)) print(`${text}\n`);
      shown.add(step);
    }
    if (drill.outcome !== null && (ended.at === null || ended.isOver !== drill.isOver))
      Object.assign(ended, { at: Date.now(), isOver: drill.isOver });
    if (ended.at !== null && isSettled(drill, Date.now() - ended.at, patience)) return drill;
    await wait(patience.pollMs);
  }
};

/**
 * `leeway drill`: begins a drill and prints its steps as they are taken. 0 where the drain was proven, 4 where it could not be
 * measured, 1 where it failed, was interrupted or left the share to be restored. With `dry` nothing is written: 0 where it would work, 4 where that is not known.
 */
export const runDrill = async (
  client: ApiClient,
  migration: string,
  { reason, by = currentUser(), dry = false, json = false }: DrillOptions,
  print: (text: string) => void,
  patience: DrillPatience = PATIENCE,
): Promise<ExitCode> => {
  const path = `/api/v1/migrations/${encodeURIComponent(migration)}/drill`;
  const body = { by, dry, key: randomUUID(), ...(reason === undefined ? {} : { reason }) };
  const answer = await client.post<DrillBody | PlanBody>(path, body);
  if (answer.schema === "leeway.drill-plan/1") return showPlan(answer, json, print);
  const begun = answer.drill?.drill;
  const ask = async (): Promise<DrillView> => {
    const { drill } = await client.get<DrillBody>(path);
    if (drill !== null && drill.drill === begun) return drill;
    throw new LeewayError("action-refused", `${migration}: another drill has begun since; leeway status shows it`);
  };
  if (!json) print(`${printableValues({ migration }).migration}: drill, by ${printableValues({ by }).by}\n`);
  const drill = await follow(ask, json ? () => undefined : print, patience);
  if (json) print(`${JSON.stringify({ ...answer, drill })}\n`);
  else print(`${drillEnd(migration, printableValues(drill))}\n`);
  if (!drill.isOver) {
    if (!json)
      print("the share is NOT restored yet: the agent goes on trying, and leeway status says what is in the way\n");
    return 1;
  }
  return drill.outcome === null ? 4 : EXIT[drill.outcome];
};
