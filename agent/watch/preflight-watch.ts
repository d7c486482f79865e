import { isReadFailure, type RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { Migration } from "../../core/migration.ts";
import type { Judgement } from "../../core/verdict.ts";
import { failedLines, type PreflightCheck, type PreflightFacts, preflight } from "../../lifecycle/preflight.ts";
import type { Retirement } from "../../lifecycle/retirement-due.ts";
import { newestWayBack } from "../../lifecycle/way-back.ts";
import type { Freshness } from "../../store/store.ts";
import { askFlag } from "../ask-flag.ts";
import type { MigrationHistory } from "../migration-history.ts";
import type { ReadBaselineProbes } from "./baseline-probes.ts";

/** What a pre-flight looks at. */
export interface PreflightParts {
  readonly history: Pick<MigrationHistory, "state" | "entries">;
  readonly latest: () => Judgement | null;
  readonly freshness: (migration: string) => Promise<Freshness>;
  readonly flag: Pick<RoutedFlag, "inspect">;
  readonly retirement: () => Retirement | null;
  readonly probes: ReadBaselineProbes;
  readonly now: () => number;
}

/** The pre-flight of one migration. */
export interface PreflightWatch {
  /**
   * Looks, from shortly before a stage's time is up on: once a minute, and whenever it is called while something fails. A call in
   * between, or during a look, does nothing. Never rejects.
   */
  readonly look: () => Promise<void>;
  /** What the last look at the stage at hand found; null = nobody looked yet. */
  readonly latest: () => readonly PreflightCheck[] | null;
}

const LOOK_MS = 60_000;
/** So long before the time is up it is looked for the first time: then an advance is not late for it. */
const BEFORE_MS = 120_000;
/** A flag system is not waited for longer. */
const ASK_MS = 5_000;

const isHeld = (checks: readonly PreflightCheck[]): boolean => failedLines(checks).length > 0;

const factOfFlag = async (flag: Pick<RoutedFlag, "inspect">): Promise<PreflightFacts["flag"]> => {
  const answer = await askFlag(flag, ASK_MS);
  if (isReadFailure(answer)) return { problem: answer.detail };
  const { state, mayWrite, mayWriteBecause } = answer;
  return { share: state.share, audience: state.audience ?? null, mayWrite, because: mayWriteBecause };
};

const callsOf = (fresh: Freshness | null): PreflightFacts["calls"] =>
  fresh === null ? null : { perArm: fresh.calls, answered: fresh.answered ?? null, segments: fresh.segments ?? null };

/** The pre-flight over the migration that is in force, which has not looked yet. */
export const createPreflightWatch = (
  inForce: () => Migration,
  { history, latest, freshness, flag, retirement, probes: readProbes, now }: PreflightParts,
): PreflightWatch => {
  let seen: { readonly of: string; readonly at: number; readonly checks: readonly PreflightCheck[] } | null = null;
  let isLooking = false;
  /** A look at another stage, before a rollback, or on the other side of a drill's start or end, says nothing of this one. */
  const standing = (): string => {
    const { hash, since, stage, stageSince, rollback, drills, drill } = history.state();
    return JSON.stringify([hash === null, since, stage, stageSince, rollback === null, drills, drill === null]);
  };
  const isDue = (): boolean => {
    const { hash, stage, stageSince, rollback } = history.state();
    const forMs = inForce().stages[stage]?.forMs ?? (stage < 0 ? 0 : null);
    if (rollback !== null || forMs === null) return false;
    // Before the start it is asked for when that is due.
    if (hash !== null && now() < stageSince + forMs - BEFORE_MS) return false;
    // What failed may be mended by now, and an advance waits for nothing else.
    return seen === null || seen.of !== standing() || isHeld(seen.checks) || Math.abs(now() - seen.at) >= LOOK_MS;
  };
  return {
    latest: () => (seen?.of === standing() ? seen.checks : null),
    look: async () => {
      if (isLooking || !isDue()) return;
      isLooking = true;
      const [of, migration] = [standing(), inForce()];
      try {
        const [fresh, asked, probes] = await Promise.all([
          freshness(migration.name).catch(() => null),
          factOfFlag(flag).catch(() => null),
          readProbes(migration.baseline.model).catch(() => null),
        ]);
        const wayBack = newestWayBack(history.entries());
        const facts: PreflightFacts = {
          ...{ flag: asked, calls: callsOf(fresh), retirement: retirement(), probes, wayBack },
        };
        // What was read while something else was decided is of neither.
        if (standing() === of)
          seen = { of, at: now(), checks: preflight(migration, history.state(), facts, latest(), now()) };
      } finally {
        isLooking = false;
      }
    },
  };
};
