import { percent } from "../../core/percent.ts";
import type { Intake } from "../../core/sample.ts";
import { lae } from "../stats/log-space.ts";
import { HORIZON_HOURS } from "../stats/multi-start.ts";
import { propLogE } from "../stats/one-sample.ts";
import type { TrustPart } from "./trust-part.ts";

/** Probability of ever calling a share wrong, in 14 days, that is within the room it has. */
export const RATIO_ALPHA = 0.001;

/** Looks in 14 days: the counts are renewed every ten minutes. */
const LOOKS = HORIZON_HOURS * 6;

/** Each look has its own part of the alpha, so that it may rest on the same users as the one before. */
export const RATIO_THRESHOLD: number = Math.log(LOOKS / RATIO_ALPHA);

/** A doubt stands until the evidence is down to this part of the threshold: no flickering at the edge. */
const LET_GO = 0.5;

/** A share that is off by less than this, relative to the configured one, is not worth a hold. */
const ROOM = 0.1;
/** The same where users and conversations are unknown: sticky users then look like many that agree. */
const ROOM_OF_CALLS = 0.5;

type Assigned = NonNullable<Intake["assigned"]>;

const roomFor = ({ canary, baseline, identified }: Assigned): number =>
  identified >= 0.5 * (canary + baseline) ? ROOM : ROOM_OF_CALLS;

/**
 * Log e-value against "the canary's share is within the room around the configured one", both directions, half of the
 * alpha each. Users (or conversations) are counted by the arm of their first call, so that each is one draw, however
 * sticky the flag is and however many calls a user makes. `share` in (0, 1).
 */
export const sampleRatioLogE = (assigned: Assigned, share: number): number => {
  const [n, room] = [assigned.canary + assigned.baseline, roomFor(assigned)];
  const [low, high] = [share * (1 - room), share * (1 + room)];
  const above = high < 1 ? propLogE(assigned.canary, n, high, 1) : Number.NEGATIVE_INFINITY;
  return lae(above, propLogE(assigned.canary, n, low, -1)) - Math.log(2);
};

const describe = (assigned: Assigned, share: number): string => {
  const n = assigned.canary + assigned.baseline;
  const units = assigned.identified >= 0.5 * n ? "users or conversations" : "calls";
  return `${assigned.canary} of ${n} ${units} of this stage got the candidate: ${percent(assigned.canary / n)}, where ${percent(share)} are configured`;
};

/** The canary's realised share is not the configured one. A stage of 0% or 100% has no ratio. */
export const createSampleRatio = (): TrustPart => {
  let doubt: string | null = null;
  return {
    step: ({ intake, share }, isNewStage) => {
      // After a rollback nobody is to get the candidate: whether that is so is for the drain to say.
      if (isNewStage || share <= 0) doubt = null;
      const assigned = intake?.assigned;
      if (assigned === undefined || share <= 0 || share >= 1) return;
      const needed = doubt === null ? RATIO_THRESHOLD : LET_GO * RATIO_THRESHOLD;
      doubt = sampleRatioLogE(assigned, share) >= needed ? describe(assigned, share) : null;
    },
    doubt: () => doubt,
  };
};
