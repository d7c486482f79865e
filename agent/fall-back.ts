import { type FlagReadFailure, isReadFailure, type RoutedFlag } from "../alerts/flags/flag-target.ts";
import { callTarget, FLIP_DEFAULTS, type FlipSettings, flip } from "../alerts/flip.ts";
import { reconcile } from "../alerts/reconcile.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { FlipResult } from "../core/flag.ts";
import { isSameRoute, type Migration, type Route } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { fallbacksDue } from "../lifecycle/fallbacks.ts";
import { fallbackKey, flipKey, foundOffKey, foundOnKey, idInMigration } from "../lifecycle/ledger-ids.ts";
import type { UnrestoredFallback } from "../lifecycle/state.ts";
import { createFlagPace } from "./flag-pace.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** What falling back needs. */
export interface FallBackParts {
  readonly history: MigrationHistory;
  /** The flags of the route's fallbacks, in their order. */
  readonly flags: readonly RoutedFlag[];
  readonly now: () => number;
  /** How long after the decision each next one is tried, ms. */
  readonly deadlineMs: number;
  readonly settings: Partial<FlipSettings>;
}

/** The fallbacks of one migration's route. */
export interface FallBack {
  /** In a rollback: switches off what is due, and keeps off what was. What is wrong, or "". Never rejects. */
  readonly lower: () => Promise<string>;
  /**
   * Outside one: makes those that a rollback switched off what they were. For when the route's own flag is in place: until
   * then they keep the candidate down. What is wrong, or "". Never rejects.
   */
  readonly restore: () => Promise<string>;
}

interface Tried {
  readonly problem: string;
  readonly retryAfterMs: number | null;
}

const FINE: Tried = { problem: "", retryAfterMs: null };

const named = ({ flag, target }: Route): string => `fallback ${flag} (${target})`;

const unread = (route: Route, { detail, retryAfterMs }: FlagReadFailure): Tried => ({
  problem: `${named(route)} cannot be read: ${detail}`,
  retryAfterMs,
});

const flipped = (route: Route, result: FlipResult): Tried => {
  switch (result.outcome) {
    case "confirmed":
      return FINE;
    case "failed":
      return { problem: `${named(route)}: ${result.detail}`, retryAfterMs: result.retryAfterMs };
    case "unconfirmed":
      return { problem: `${named(route)}: ${result.why}`, retryAfterMs: null };
    default:
      return unreachable(result);
  }
};

/** The fallbacks of `migration`. They are asked for nothing before a rollback needs them. */
export const createFallBack = (
  migration: Migration,
  { history, flags, now, deadlineMs, settings }: FallBackParts,
): FallBack => {
  const paced = flags.map((flag) => ({ flag, pace: createFlagPace(flag, now) }));
  const callMs = settings.callMs ?? FLIP_DEFAULTS.callMs;
  const route = ({ flag, target }: Route): Route => ({ flag, target });
  /** The action of setting one to `share` now, and its key within the migration. */
  const keyOf = (flag: Route, share: number, isBlind = false): string =>
    fallbackKey(flipKey(history.state(), share), flag, isBlind);

  const lowerOne = async (flag: RoutedFlag): Promise<Tried> => {
    const key = keyOf(flag, 0);
    const action = idInMigration(migration.name, key);
    const isWritten = history.entries().some(({ event }) => event.type === "flip-readback" && event.action === action);
    const result = await reconcile(
      {
        ...{ migration: migration.name, incident: history.incident(), by: "agent", share: 0, action },
        ...{ latched: true, lastSet: null, isFallback: true },
        blindAction: idInMigration(migration.name, keyOf(flag, 0, true)),
        // Canary calls that came back after a proof may come from a flag that only reads as if it was off.
        again: (history.state().rollback?.returns ?? 0) > 0 && !isWritten,
      },
      { flag, ledger: history.writer, now, settings },
    );
    switch (result.outcome) {
      case "in-place":
      case "held":
        await history.record(
          { type: "flip-readback", action, state: result.state, confirmed: true, fallback: route(flag) },
          { id: foundOffKey(key) },
        );
        return FINE;
      case "flipped":
        return flipped(flag, result.result);
      case "unreadable":
        return unread(flag, result.failure);
      case "overridden":
        // Of a latched flag it is not said.
        return FINE;
      default:
        return unreachable(result);
    }
  };

  const lower: FallBack["lower"] = async () => {
    const problems: string[] = [];
    for (const { flag, pace } of paced) {
      const { rollback } = history.state();
      // What the one before did may have made this one needless; a person may have re-armed meanwhile.
      if (rollback === null || !fallbacksDue(flags, rollback, now(), deadlineMs).includes(flag)) continue;
      const wanted = { action: keyOf(flag, 0), latched: true };
      const resting = pace.resting(wanted.action);
      const { problem, retryAfterMs } = resting === null ? await lowerOne(flag) : { ...FINE, problem: resting };
      if (resting === null) pace.answered(wanted, problem, retryAfterMs);
      problems.push(problem);
    }
    return problems.filter((problem) => problem !== "").join("; ");
  };

  const askToRestore = async (owed: Route): Promise<string> => {
    const reason = `${named(owed)} was switched off by a rollback, and what it served before is not known: set it by hand, the candidate is kept down by it`;
    const topic = `restore:${owed.target}/${owed.flag}`;
    if (!history.state().pagedFor.includes(topic)) await history.decide({ kind: "page", reason, topic }, null);
    return reason;
  };

  const restoreOne = async (flag: RoutedFlag, owed: UnrestoredFallback): Promise<Tried> => {
    const found = await callTarget(flag.read, callMs);
    if (isReadFailure(found)) return unread(flag, found);
    if (found.share > 0) {
      const key = keyOf(flag, found.share);
      await history.record(
        {
          ...({ type: "flip-readback", action: idInMigration(migration.name, key) } as const),
          ...{ state: found, confirmed: true, fallback: route(flag) },
        },
        { id: foundOnKey(key) },
      );
      return FINE;
    }
    if (owed.before === null) return { problem: await askToRestore(owed), retryAfterMs: null };
    const result = await flip(
      {
        ...{ migration: migration.name, incident: history.incident(), by: "agent", share: owed.before },
        action: idInMigration(migration.name, keyOf(flag, owed.before)),
        ...{ guard: { revision: found.revision }, from: found.share, isFallback: true },
      },
      { flag, ledger: history.writer, now, settings, isStillWanted: () => history.state().rollback === null },
    );
    const { problem, retryAfterMs } = flipped(flag, result);
    const wish = `${problem}; it is to serve ${exactPercent(owed.before)} again`;
    return { problem: problem === "" ? "" : wish, retryAfterMs };
  };

  const restore: FallBack["restore"] = async () => {
    const problems: string[] = [];
    for (const owed of history.state().unrestored) {
      if (history.state().rollback !== null) break;
      const found = paced.find(({ flag }) => isSameRoute(flag, owed));
      if (found === undefined) {
        problems.push(await askToRestore(owed));
        continue;
      }
      const { flag, pace } = found;
      const wanted = { action: keyOf(flag, owed.before ?? 1), latched: false };
      const resting = pace.resting(wanted.action);
      const { problem, retryAfterMs } = resting === null ? await restoreOne(flag, owed) : { ...FINE, problem: resting };
      if (resting === null) pace.answered(wanted, problem, retryAfterMs);
      problems.push(problem);
    }
    return problems.filter((problem) => problem !== "").join("; ");
  };

  return { lower, restore };
};
