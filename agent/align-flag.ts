import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import { callTarget, type FlipSettings } from "../alerts/flip.ts";
import { type DesiredShare, type ReconcileResult, reconcile } from "../alerts/reconcile.ts";
import type { Exposure } from "../core/audience.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { FlagState } from "../core/flag.ts";
import type { Migration } from "../core/migration.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";
import { drillNumber, drillOfFlip, flipKey, foundOffKey, idInMigration } from "../lifecycle/ledger-ids.ts";
import { desiredAudience, desiredShare, isDrilledDown, type MigrationState, stageShare } from "../lifecycle/state.ts";
import type { FlagPace } from "./flag-pace.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** What aligning a flag needs. */
export interface AlignParts {
  readonly history: MigrationHistory;
  readonly flag: RoutedFlag;
  /** What the flag system wishes about the next look. */
  readonly pace: FlagPace;
  readonly now: () => number;
  readonly settings: Partial<FlipSettings>;
}

/** What the route's own flag was confirmed to serve last; null before the first confirmed flip. */
const lastSet = (history: MigrationHistory): Exposure | null => {
  const { drill } = history.state();
  // A drill's write that nobody could read back may have taken hold all the same: nothing served is then its doing.
  if (drill !== null && drill.endedAt !== null && !drill.isConfirmed) return { share: 0 };
  const entry = history.entries().findLast(
    ({ event }) =>
      event.type === "flip-readback" &&
      event.confirmed &&
      event.fallback === undefined &&
      // What a drill that is over had served is nothing to go on from.
      (drill !== null || drillOfFlip(event.action) === null),
  );
  return entry?.event.type === "flip-readback" ? entry.event.state : null;
};

/**
 * What the flag was read back as while a drill had it off: somebody who switches it off in that time means it, and nothing is told
 * from the share alone. Undefined where no share is to be restored, or none of the drill's was read back.
 */
const ownRevisions = (history: MigrationHistory): readonly string[] | undefined => {
  const { drill } = history.state();
  if (drill === null || drill.endedAt === null || !drill.isConfirmed) return undefined;
  const nth = drillNumber(drill.drill);
  return history
    .entries()
    .flatMap(({ event }) =>
      event.type === "flip-readback" && drillOfFlip(event.action) === nth ? [event.state.revision] : [],
    );
};

/** A drill of a flag that serves nothing anyway: what is drilled is the write. */
const isDrilledAtZero = (migration: Migration, state: MigrationState): boolean =>
  isDrilledDown(state) && stageShare(migration, state.stage) === 0;

/**
 * True where the flag is written whatever it reads, and was not yet: canary calls came back after a proof; or a rollback came
 * during a drill, whose restoring write, of whichever agent, must find another revision than it knows.
 */
const isDueAgain = (migration: Migration, history: MigrationHistory, action: string): boolean =>
  ((history.state().rollback?.returns ?? 0) > 0 ||
    history.state().rollback?.cutsDrill === true ||
    isDrilledAtZero(migration, history.state())) &&
  !history.entries().some(({ event }) => event.type === "flip-readback" && event.action === action);

const desired = (migration: Migration, history: MigrationHistory): DesiredShare => {
  const state = history.state();
  const share = desiredShare(migration, state);
  const own = ownRevisions(history);
  const action = idInMigration(migration.name, flipKey(state, share));
  return {
    migration: migration.name,
    incident: history.incident(),
    action,
    by: "agent",
    share,
    audience: desiredAudience(migration, state),
    latched: state.rollback !== null || isDrilledAtZero(migration, state),
    lastSet: lastSet(history),
    ...(own === undefined ? {} : { ownRevisions: own }),
    again: isDueAgain(migration, history, action),
  };
};

/** A flag that was found off needs no write, but the rollback, or the drill, needs the reading on record. */
const confirmOff = async (history: MigrationHistory, found: FlagState, share: number): Promise<void> => {
  const state = history.state();
  const isDue =
    state.rollback === null ? isDrilledDown(state) && !state.drill?.isConfirmed : !state.rollback.isConfirmed;
  if (!isDue) return;
  const action = flipKey(state, share);
  await history.record(
    { type: "flip-readback", action, state: found, confirmed: found.share <= share },
    { id: foundOffKey(action) },
  );
};

/** Somebody set the flag to something else, and nothing is wrong with the candidate: theirs stands, people are told; but a drill just ends by it. */
const overridden = async (
  { route }: Migration,
  history: MigrationHistory,
  found: Exposure,
  wanted: Exposure,
): Promise<string> => {
  const reason = `flag ${route.flag} (${route.target}) serves ${exposureText(found, wanted)} instead of ${exposureText(wanted, found)}: somebody else set it, and it is left so`;
  if (!isDrilledDown(history.state()) && !history.state().pagedFor.includes(reason))
    await history.decide({ kind: "page", reason }, null);
  return reason;
};

/** How one try ended: what is wrong, or "", and how long the flag system wants to be left alone. */
interface Aligned {
  readonly problem: string;
  readonly retryAfterMs: number | null;
}

const flipped = (flag: string, { result }: Extract<ReconcileResult, { outcome: "flipped" }>): Aligned => {
  switch (result.outcome) {
    case "confirmed":
      return FINE;
    case "failed":
      return { problem: `flag ${flag}: ${result.detail}`, retryAfterMs: result.retryAfterMs };
    case "unconfirmed":
      return { problem: `flag ${flag}: ${result.why}`, retryAfterMs: null };
    default:
      return unreachable(result);
  }
};

const FINE: Aligned = { problem: "", retryAfterMs: null };

const alignOnce = async (
  migration: Migration,
  wanted: DesiredShare,
  { history, flag, now, settings }: AlignParts,
): Promise<Aligned> => {
  const { flag: name } = flag;
  const isStillWanted = (): boolean => desired(migration, history).action === wanted.action;
  /** What another agent was told since this one read the ledger counts before exposure is raised. */
  const isStillWantedByAll = async (): Promise<boolean> => {
    await history.refresh();
    return isStillWanted();
  };
  const result = await reconcile(wanted, {
    ...{ flag, ledger: history.writer, now, settings },
    isStillWanted: isStillWantedByAll,
  });
  switch (result.outcome) {
    case "in-place":
    case "held":
      await confirmOff(history, result.state, wanted.share);
      return FINE;
    case "flipped":
      return flipped(name, result);
    case "overridden":
      // It may be what another agent was told to do since this one read the ledger.
      await history.refresh();
      return isStillWanted() ? { ...FINE, problem: await overridden(migration, history, result.state, wanted) } : FINE;
    case "unreadable": {
      const { detail, retryAfterMs } = result.failure;
      return { problem: `flag ${name} cannot be read: ${detail}`, retryAfterMs };
    }
    default:
      return unreachable(result);
  }
};

/** A rollback can overtake a flip that waits for the ledger or the flag system; more than this is a fight of people. */
const MAX_TURNS = 3;

/**
 * Brings the flag to the share the ledger calls for; what is wrong when it cannot, or "". What was decided while it was
 * at work is carried out before it ends. Never rejects.
 */
export const alignFlag = async (migration: Migration, parts: AlignParts): Promise<string> => {
  for (let turn = 1; ; turn++) {
    const wanted = desired(migration, parts.history);
    const resting = parts.pace.resting(wanted.action);
    if (resting !== null) return resting;
    const { problem, retryAfterMs } = await alignOnce(migration, wanted, parts);
    parts.pace.answered(wanted, problem, retryAfterMs);
    if (turn === MAX_TURNS || desired(migration, parts.history).action === wanted.action) return problem;
  }
};

/** How long the flag system is waited for while the ledger is unknown, ms. */
const HOLD_MS = 10_000;

/**
 * Switches the flag off, whatever it serves: for a rollback that only the journal knows of, while the ledger cannot be
 * read. It is confirmed and put on record when it can. What is wrong, or "". Never rejects.
 */
export const holdDown = async (flag: RoutedFlag): Promise<string> => {
  const write = await callTarget(() => flag.setShare(0, null), HOLD_MS);
  return write.outcome === "failed" ? `flag ${flag.flag}: ${write.detail}` : "";
};
