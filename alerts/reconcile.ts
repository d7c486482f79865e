import type { Exposure } from "../core/audience.ts";
import type { FlagState, FlipResult } from "../core/flag.ts";
import { type FlagReadFailure, isReadFailure, sameExposure } from "./flags/flag-target.ts";
import { callTarget, FLIP_DEFAULTS, type FlipCollaborators, type FlipRequest, flip } from "./flip.ts";

/** What the flag should serve, and what this agent knows of it. */
export interface DesiredShare extends Omit<FlipRequest, "guard" | "from" | "fromAudience"> {
  /** True after a rollback: exposure can only go down until a person re-arms. */
  readonly latched: boolean;
  /** What this agent confirmed last; null when it never set the flag. */
  readonly lastSet: Exposure | null;
  /** Revisions of the flag that are this agent's, where what it serves does not say so by itself. Default: that says it. */
  readonly ownRevisions?: readonly string[];
  /** The action of a write to a flag that could not be read, where it has one of its own. Default: `action`. */
  readonly blindAction?: string;
  /** True where the share is written once more although the flag reads so: somebody does not go by it. Default false. */
  readonly again?: boolean;
}

/** How a round of reconciling ended. */
export type ReconcileResult =
  /** The flag serves what it should; nothing was written. */
  | { readonly outcome: "in-place"; readonly state: FlagState }
  /** Latched, and the flag serves less than desired: raising it is for a person to decide. Nothing was written. */
  | { readonly outcome: "held"; readonly state: FlagState }
  /** Somebody else set another share and nothing is wrong with the candidate: theirs stands. Nothing was written. */
  | { readonly outcome: "overridden"; readonly state: FlagState }
  /** The flag could not be read and a blind write was not safe. Nothing was written. */
  | { readonly outcome: "unreadable"; readonly failure: FlagReadFailure }
  /** It was flipped. `conflicts` counts how often somebody changed the flag between our read and our write. */
  | {
      readonly outcome: "flipped";
      readonly result: FlipResult;
      readonly conflicts: number;
      readonly before: FlagState | null;
    };

/** Guarded tries of one round, while people and the rollback change the flag at the same time. */
const MAX_TRIES = 3;

const standing = (desired: DesiredShare, state: FlagState): ReconcileResult | null => {
  if (desired.again === true && desired.latched && state.share <= desired.share) return null;
  if (sameExposure(state, desired)) return { outcome: "in-place", state };
  if (desired.latched) return state.share < desired.share ? { outcome: "held", state } : null;
  const { lastSet, ownRevisions } = desired;
  const isOurs = lastSet === null || (sameExposure(state, lastSet) && ownRevisions?.includes(state.revision) !== false);
  return isOurs ? null : { outcome: "overridden", state };
};

const isConflict = (result: FlipResult): boolean => result.outcome === "failed" && result.why === "conflict";

/**
 * Brings the flag to the desired share, from whatever it serves now; called every round, it writes nothing while all
 * is well. Never rejects.
 *
 * Latched (a rollback): only ever downwards, guarded by the revision that was read. When somebody changed the flag in
 * between, it is read and tried again as long as it still serves more than desired. A flag that cannot be read is
 * switched off blindly if the desired share is 0, since that cannot raise anything.
 *
 * Not latched: a share that neither was set by this agent nor is the desired one was set by a person, and stands.
 */
export const reconcile = async (desired: DesiredShare, collaborators: FlipCollaborators): Promise<ReconcileResult> => {
  const { flag, settings } = collaborators;
  const { latched } = desired;
  const callMs = settings?.callMs ?? FLIP_DEFAULTS.callMs;
  for (let conflicts = 0; ; conflicts += 1) {
    const state = await callTarget(flag.read, callMs);
    if (isReadFailure(state)) {
      if (!latched || desired.share !== 0) return { outcome: "unreadable", failure: state };
      const action = desired.blindAction ?? desired.action;
      const result = await flip({ ...desired, action, guard: null }, collaborators);
      return { outcome: "flipped", result, conflicts, before: null };
    }
    const nothingToDo = standing(desired, state);
    if (nothingToDo) return nothingToDo;
    const found = { from: state.share, fromAudience: state.audience ?? null };
    const result = await flip({ ...desired, guard: { revision: state.revision }, ...found }, collaborators);
    if (!isConflict(result) || !latched || conflicts + 1 >= MAX_TRIES) {
      return { outcome: "flipped", result, conflicts: conflicts + (isConflict(result) ? 1 : 0), before: state };
    }
  }
};
