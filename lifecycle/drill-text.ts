import { otherwise } from "../core/exhaustive.ts";
import type { DrillDrain } from "../core/ledger.ts";
import { secondsText } from "../core/length-text.ts";
import { type Drill, decisionToFlipMs, decisionToProofMs } from "./drills.ts";

const UNMEASURED: Readonly<Record<Exclude<DrillDrain, "proven">, string>> = {
  "nothing-to-drain": "nothing was to be drained: the flag served no canary before",
  "canary-calls": "canary calls went on",
  "late-calls": "calls come in too late for a proof in the time of a drill",
  "too-little-traffic": "too little traffic for a proof in the time of a drill",
  "no-traffic": "no call came in",
  "not-measured": "the spans could not be read",
};

/** Why a drill's drain was not proven, in words; "" where it was, and before it was looked for. */
export const drillDrainText = ({ drain }: Pick<Drill, "drain">): string =>
  drain === null || drain === "proven" ? "" : UNMEASURED[drain];

/** How a drill ended, in a few words. */
export const drillOutcomeText = (drill: Drill): string => {
  const proof = decisionToProofMs(drill);
  const flip = decisionToFlipMs(drill);
  switch (drill.outcome) {
    case null:
      return "under way";
    case "proven":
      return `${proof === null ? "unknown" : secondsText(proof)} from decision to proof`;
    case "flipped":
      return `${flip === null ? "flag off" : `flag off after ${secondsText(flip)}`}, drain not measured`;
    case "failed":
      return "FAILED";
    case "interrupted":
      return "interrupted";
    default:
      return otherwise(drill.outcome, "ended in a way that a newer version knows");
  }
};
