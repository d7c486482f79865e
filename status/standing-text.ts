import type { Standing } from "../core/standing.ts";

/** How a standing is shown: its headline, and the tone that colours it. */
export interface StandingText {
  readonly headline: string;
  readonly tone: "good" | "open" | "bad";
  /** Higher is more urgent; the page's title shows the most urgent one. */
  readonly urgency: number;
}

/** The words for every standing. */
export const STANDING_TEXT: Readonly<Record<Standing, StandingText>> = {
  "not-rolled-back": { headline: "NOT ROLLED BACK: no proof that canary calls stopped", tone: "bad", urgency: 6 },
  "rolling-back": { headline: "Rolling back: waiting for canary calls to stop", tone: "bad", urgency: 5 },
  "rolled-back": { headline: "Rolled back: all traffic on the baseline", tone: "bad", urgency: 4 },
  paused: { headline: "Paused", tone: "open", urgency: 3 },
  "waiting-for-approval": { headline: "Waiting for approval", tone: "open", urgency: 2 },
  drilling: { headline: "Drill: the canary is off for a moment, and comes back", tone: "open", urgency: 2 },
  running: { headline: "Running", tone: "good", urgency: 1 },
  abandoned: { headline: "Abandoned: all traffic on the baseline, for good", tone: "good", urgency: 0 },
  done: { headline: "Done", tone: "good", urgency: 0 },
};
