import type { FlagTarget } from "../alerts/flags/flag-target.ts";
import { callTarget, type FlipSettings } from "../alerts/flip.ts";
import { type DesiredShare, type ReconcileResult, reconcile } from "../alerts/reconcile.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { FlagState } from "../core/flag.ts";
import type { Migration } from "../core/migration.ts";
import { desiredShare, type MigrationState } from "../detectors/history.ts";
import type { MigrationHistory } from "./migration-history.ts";
import { percentText } from "./status/percent-text.ts";

/** What aligning a flag needs. */
export interface AlignParts {
  readonly history: MigrationHistory;
  readonly target: FlagTarget;
  readonly now: () => number;
  readonly settings: Partial<FlipSettings>;
}

/** The share the flag system confirmed last; null before the first confirmed flip. */
const lastSet = (history: MigrationHistory): number | null => {
  const entry = history.entries().findLast(({ event }) => event.type === "flip-readback" && event.confirmed);
  return entry?.event.type === "flip-readback" ? entry.event.state.share : null;
};

const actionOf = ({ since, rollback, stage }: MigrationState, share: number): string =>
  `flip:${since}:${rollback === null ? `stage-${stage}` : "rollback"}:${share}`;

const desired = (migration: Migration, history: MigrationHistory): DesiredShare => {
  const state = history.state();
  const share = desiredShare(migration, state);
  return {
    migration: migration.name,
    incident: history.incident(),
    action: `${migration.name}:${actionOf(state, share)}`,
    by: "agent",
    flag: migration.route.flag,
    share,
    latched: state.rollback !== null,
    lastSet: lastSet(history),
  };
};

/** A flag that was found off needs no write, but the rollback needs the reading on record. */
const confirmOff = async (history: MigrationHistory, found: FlagState, share: number): Promise<void> => {
  const state = history.state();
  if (state.rollback === null || state.rollback.isConfirmed) return;
  const action = actionOf(state, share);
  await history.record(
    { type: "flip-readback", action, state: found, confirmed: found.share <= share },
    { id: `found-off:${action}` },
  );
};

/** Somebody set the flag to something else, and nothing is wrong with the candidate: theirs stands, people are told. */
const overridden = async (
  { route }: Migration,
  history: MigrationHistory,
  found: number,
  wanted: number,
): Promise<string> => {
  const reason = `flag ${route.flag} (${route.target}) serves ${percentText(found)} instead of ${percentText(wanted)}: somebody else set it, and it is left so`;
  if (!history.state().pagedFor.includes(reason)) await history.decide({ kind: "page", reason }, null);
  return reason;
};

const flipProblem = (flag: string, { result }: Extract<ReconcileResult, { outcome: "flipped" }>): string => {
  switch (result.outcome) {
    case "confirmed":
      return "";
    case "failed":
      return `flag ${flag}: ${result.detail}`;
    case "unconfirmed":
      return `flag ${flag}: ${result.why}`;
    default:
      return unreachable(result);
  }
};

const alignOnce = async (
  migration: Migration,
  wanted: DesiredShare,
  { history, target, now, settings }: AlignParts,
): Promise<string> => {
  const { flag } = migration.route;
  const isStillWanted = (): boolean => desired(migration, history).action === wanted.action;
  const result = await reconcile(wanted, { target, ledger: history.writer, now, settings, isStillWanted });
  switch (result.outcome) {
    case "in-place":
    case "held":
      await confirmOff(history, result.state, wanted.share);
      return "";
    case "flipped":
      return flipProblem(flag, result);
    case "overridden":
      return overridden(migration, history, result.state.share, wanted.share);
    case "unreadable":
      return `flag ${flag} cannot be read: ${result.failure.detail}`;
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
    const problem = await alignOnce(migration, wanted, parts);
    if (turn === MAX_TURNS || desired(migration, parts.history).action === wanted.action) return problem;
  }
};

/** How long the flag system is waited for while the ledger is unknown, ms. */
const HOLD_MS = 10_000;

/**
 * Switches the flag off, whatever it serves: for a rollback that only the journal knows of, while the ledger cannot be
 * read. It is confirmed and put on record when it can. What is wrong, or "". Never rejects.
 */
export const holdDown = async ({ route }: Migration, target: FlagTarget): Promise<string> => {
  const write = await callTarget(() => target.setShare(route.flag, 0, null), HOLD_MS);
  return write.outcome === "failed" ? `flag ${route.flag}: ${write.detail}` : "";
};
