import { audienceText } from "../../core/audience.ts";
import type { Migration } from "../../core/migration.ts";
import { percent } from "../../core/percent.ts";
import type { Intake, Tick } from "../../core/sample.ts";
import { FORTNIGHT_HOURS, fortnightOf, fortnightPart } from "../stats/fortnights.ts";
import { lae } from "../stats/log-space.ts";
import { propLogE } from "../stats/one-sample.ts";
import { callsIn } from "./arms.ts";
import type { TrustPart } from "./trust-part.ts";

/** Probability of ever calling a share wrong that is within the room it has. */
export const RATIO_ALPHA = 0.001;

/** Looks in 14 days: the counts are renewed every ten minutes. */
const LOOKS = FORTNIGHT_HOURS * 6;
const HOUR_MS = 3_600_000;

/** Each look of 14 days (number `fortnight`, from 0) has its own part of the alpha, so that it may rest on the users of the one before. */
export const ratioThreshold = (fortnight: number): number => Math.log(LOOKS / (RATIO_ALPHA * fortnightPart(fortnight)));

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

/** Calls of before a stage still end, and apps still go by the flag as it was. */
const GRACE_MS = 600_000;
/** So long a call is held against the stage that should not have had the candidate, ms. */
const OUTSIDE_MS = 3_600_000;

/** Canary calls of others than whom the stage is for: there should be none. */
const createOutside = (stages: Migration["stages"]) => {
  let since = 0;
  let found: readonly { readonly to: number; readonly calls: number }[] = [];
  let whom = "";
  return {
    step: (tick: Tick, isNewStage: boolean): void => {
      if (isNewStage) [since, found] = [tick.from, []];
      const stage = stages[tick.stage];
      whom = stage?.kind === "canary" ? audienceText(stage.audience) : "the segment";
      found = found.filter(({ to }) => to > tick.to - OUTSIDE_MS);
      const { everybody } = tick;
      // Without an audience, after a rollback and while the stage is young nobody is outside of it.
      if (everybody === undefined || tick.share <= 0 || tick.from < since + GRACE_MS) return;
      const calls = callsIn({ calls: everybody }, "canary") - callsIn(tick, "canary");
      if (calls > 0) found = [...found, { to: tick.to, calls }];
    },
    doubt: (): string | null => {
      const calls = found.reduce((sum, each) => sum + each.calls, 0);
      return calls === 0
        ? null
        : `${calls} canary calls of the last hour are not of ${whom}, whom this stage is for: somebody else was given the candidate, or those calls do not carry the segment`;
    },
  };
};

/**
 * The canary's realised share, of those whom the stage is for, is not the configured one, or others have the candidate. A stage of 0%
 * or 100% has no ratio.
 */
export const createSampleRatio = ({ stages }: Pick<Migration, "stages"> = { stages: [] }): TrustPart => {
  let doubt: string | null = null;
  let origin: number | null = null;
  const outside = createOutside(stages);
  return {
    step: (tick, isNewStage) => {
      const { intake, share, from } = tick;
      origin ??= from;
      outside.step(tick, isNewStage);
      // After a rollback nobody is to get the candidate: whether that is so is for the drain to say.
      if (isNewStage || share <= 0) doubt = null;
      const assigned = intake?.assigned;
      if (assigned === undefined || share <= 0 || share >= 1) return;
      const threshold = ratioThreshold(fortnightOf(Math.floor((from - origin) / HOUR_MS)));
      const needed = doubt === null ? threshold : LET_GO * threshold;
      doubt = sampleRatioLogE(assigned, share) >= needed ? describe(assigned, share) : null;
    },
    doubt: () => [doubt, outside.doubt()].filter((text) => text !== null).join("; ") || null,
  };
};
