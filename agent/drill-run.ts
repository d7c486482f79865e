import { isReadFailure, type RoutedFlag, sameExposure } from "../alerts/flags/flag-target.ts";
import { callTarget, FLIP_DEFAULTS, type FlipSettings } from "../alerts/flip.ts";
import type { DrillOutcome, LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { DrainState } from "../lifecycle/drain.ts";
import { drilledRule } from "../lifecycle/drill-breach.ts";
import { newestDrill } from "../lifecycle/drills.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";
import { drillKey, idInMigration, nextDrill } from "../lifecycle/ledger-ids.ts";
import { drillRefusal } from "../lifecycle/may-drill.ts";
import { desiredExposure, desiredShare, type MigrationState, type OpenDrill, stageShare } from "../lifecycle/state.ts";
import type { ReadDrain } from "./drain-reading.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** What a person asked for. */
export interface DrillRequest {
  readonly reason: string;
  readonly by: string;
  /** What the sender calls the request; the same one, sent again, begins no second drill. */
  readonly key?: string;
}

/** What a drill works with. */
export interface DrillParts {
  readonly history: MigrationHistory;
  readonly flag: RoutedFlag;
  readonly read: ReadDrain;
  /** Id of this run of the agent. */
  readonly owner: string;
  readonly now: () => number;
  /** How long a drain may take before it counts as not measured, ms. */
  readonly drainDeadlineMs: number;
  readonly settings: Partial<FlipSettings>;
}

/** The drills of one migration, as this agent carries them out. None of these rejects. */
export interface DrillRun {
  /** Why none may begin now, in words; "" when one may. Asks the flag system; writes nothing. */
  readonly refusal: () => Promise<string>;
  /** Puts its beginning on record, which counts at once. Why it does not begin, or "". */
  readonly begin: (request: DrillRequest) => Promise<string>;
  /** Ends what cannot go on: before the flag is brought in line. */
  readonly settle: () => Promise<void>;
  /**
   * Goes on with the drill after the flag was brought in line, `problem` being what kept it from that. True where the share that
   * it should serve is another one by now.
   */
  readonly goOn: (problem: string) => Promise<boolean>;
}

/** A flip and its way back take no longer than this beside the drain, ms. */
const FLIPS_MS = 45_000;

/** The clocks of two agents may differ by less, ms. */
const SKEW_MS = 120_000;

const REAL = "something real came in between, which goes before a drill";

/** A drill is for what is still to come: with the last stage done, nobody waits for it. */
const doneText = ({ stages }: Migration, { stage }: MigrationState): string =>
  stage >= stages.length ? "its last stage is done: there is nothing left to drill for" : "";

/** What the spans say of the drain in the time there is; null while it is open. */
const endOfDrain = (state: DrainState, isLate: boolean) => {
  if (state.state === "draining")
    return isLate ? ({ drain: "too-little-traffic", exposure: null, probability: null } as const) : null;
  return state.state === "proven"
    ? ({ drain: "proven", exposure: state.exposure, probability: state.probability } as const)
    : ({ drain: state.reason, exposure: state.exposure, probability: null } as const);
};

/** The drills of the migration that `inForce` gives, by the document that is in force at each step. */
export const createDrillRun = (
  inForce: () => Migration,
  { history, flag, read, owner, now, drainDeadlineMs, settings }: DrillParts,
): DrillRun => {
  const { propagationMs } = flag.capabilities;
  const patienceMs = drainDeadlineMs + propagationMs;
  let isFirst = true;

  const end = async (drill: string, outcome: DrillOutcome, why = ""): Promise<void> => {
    await history.record({ type: "drill-ended", drill, outcome, why }, { id: drillKey("drill-ended", drill) });
  };

  const refusal: DrillRun["refusal"] = async () => {
    const refused = history.problem() || (drillRefusal(history.state()) ?? doneText(inForce(), history.state()));
    if (refused !== "") return refused;
    const found = await callTarget(flag.read, settings.callMs ?? FLIP_DEFAULTS.callMs);
    const wanted = desiredExposure(inForce(), history.state());
    // One that cannot be read is what a drill is there to find out.
    if (isReadFailure(found) || sameExposure(found, wanted)) return "";
    return `flag ${flag.flag} (${flag.target}) serves ${exposureText(found, wanted)} instead of ${exposureText(wanted, found)}: set it right first, so that the drill finds what it is to restore`;
  };

  const begin: DrillRun["begin"] = async ({ reason, by, key }) => {
    const [at, state] = [now(), history.state()];
    const refused = await refusal();
    if (refused !== "") return refused;
    const drill = nextDrill(state);
    const id = drillKey("drill-started", drill);
    const rule = drilledRule(inForce(), state, at);
    const [share, until] = [stageShare(inForce(), state.stage), at + patienceMs + FLIPS_MS];
    const named = key === undefined ? {} : { key };
    await history.record({ type: "drill-started", drill, reason, rule, share, until, owner, ...named }, { id, by, at });
    const isIt = (entry: LedgerEntry): boolean => entry.id === idInMigration(inForce().name, id);
    // What undoes it has to be known to every agent before it is done.
    if (!(await history.writer.stored(...history.entries().filter(isIt)))) {
      await end(drill, "interrupted", "the ledger did not take its beginning");
      return "the ledger did not take its beginning: see that the store is up, and try again";
    }
    await history.refresh();
    const open = history.state().drill;
    if (open?.drill === drill) return open.owner === owner ? "" : "another agent began a drill at the same moment";
    return drillRefusal(history.state()) ?? REAL;
  };

  const isOver = ({ owner: theirs, until }: OpenDrill): string => {
    if (theirs !== owner && isFirst) return "an agent was started in the middle of it";
    // By a clock that went back its time would be up that much later.
    if (until - now() > patienceMs + FLIPS_MS + SKEW_MS) return "the clock was set back";
    if (now() < until) return "";
    return theirs === owner ? "it took too long" : "the agent that ran it is not heard of any more";
  };

  const settle: DrillRun["settle"] = async () => {
    const newest = newestDrill(history.entries());
    const { drill, rollback, abandoned } = history.state();
    if (newest !== null && newest.outcome === null) {
      if (drill === null || drill.endedAt !== null) {
        const real = abandoned === null ? "a real rollback was decided" : "it was abandoned";
        const why = rollback === null ? REAL : `${real}, and goes on from here`;
        await end(newest.drill, "interrupted", why);
      } else if (isOver(drill) !== "") await end(drill.drill, "interrupted", isOver(drill));
    }
    isFirst = false;
  };

  const measure = async ({ drill, flippedAt, startedAt }: OpenDrill): Promise<boolean> => {
    const since = flippedAt ?? startedAt;
    const share = stageShare(inForce(), history.state().stage);
    const nothing = { drain: "nothing-to-drain", exposure: null, probability: null } as const;
    const [state] = share === 0 ? [null] : await read(since, share);
    const found = state === null ? nothing : endOfDrain(state, now() >= since + patienceMs);
    // A rollback may have been decided while the spans were read.
    if (found === null || history.state().drill?.drill !== drill) return false;
    const id = drillKey("drill-drained", drill);
    await history.record({ type: "drill-drained", drill, ...found, flippedAt: since }, { id });
    const from = found.exposure?.instances.join(", ") || "instances unknown";
    if (found.drain === "canary-calls") await end(drill, "failed", `canary calls went on after the flip, from ${from}`);
    else await end(drill, found.drain === "proven" ? "proven" : "flipped");
    return true;
  };

  /** The share is back when the flag reads so, or when it is somebody else's. */
  const closeUp = async ({ drill }: OpenDrill, problem: string): Promise<void> => {
    const isTheirs = history.state().pagedFor.includes(problem);
    if (problem !== "" && !isTheirs) return;
    const share = isTheirs ? null : desiredShare(inForce(), history.state());
    const settledAt = now() + propagationMs;
    await history.record(
      { type: "drill-restored", drill, share, settledAt },
      { id: drillKey("drill-restored", drill) },
    );
  };

  const goOn: DrillRun["goOn"] = async (problem) => {
    const { drill } = history.state();
    if (drill === null) return false;
    if (drill.endedAt !== null) {
      await closeUp(drill, problem);
      return false;
    }
    if (drill.owner !== owner) return false;
    if (drill.isConfirmed) return measure(drill);
    if (problem === "") return false;
    await end(drill.drill, "failed", problem);
    return true;
  };

  return { refusal, begin, settle, goOn };
};
