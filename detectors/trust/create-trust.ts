import type { Arm } from "../../core/cohort.ts";
import type { Tick } from "../../core/sample.ts";
import { DOUBT_ORDER } from "../../core/undecided-reasons.ts";
import type { Doubt, DoubtReason } from "../../core/verdict.ts";
import { createClockStepped } from "./clock-stepped.ts";
import { createIncompleteSpans } from "./incomplete-spans.ts";
import { createIngestLag } from "./ingest-lag.ts";
import { createSampleRatio } from "./sample-ratio.ts";
import { createSenderClocks } from "./sender-clocks.ts";
import { createServedModels } from "./served-models.ts";
import type { TrustPart } from "./trust-part.ts";

/** Whether the data of a migration can be trusted with a promotion. Deterministic, as the engine is. */
export interface Trust {
  /** Takes a tick in. Never throws: a part that fails is a doubt, and harm is judged on. */
  readonly step: (tick: Tick, isNewStage: boolean) => void;
  /** What is doubted after the last tick, the weightiest first. */
  readonly doubts: () => readonly Doubt[];
  /** Arms whose history begins anew with the next tick. */
  readonly changed: () => readonly Arm[];
}

/** A doubt keeps the tick that first showed it for as long as it stands. */
const createStanding = (reason: DoubtReason) => {
  let since: number | null = null;
  return (detail: string | null, at: number): Doubt | null => {
    since = detail === null ? null : (since ?? at);
    return detail === null || since === null ? null : { reason, detail, since };
  };
};

/** The trust in a migration nothing is known of yet. */
export const createTrust = (): Trust => {
  const served = createServedModels();
  const parts: Readonly<Record<Exclude<DoubtReason, "detector-failed">, TrustPart>> = {
    "sample-ratio-mismatch": createSampleRatio(),
    "incomplete-spans": createIncompleteSpans(),
    "response-model-changed": served,
    "ingest-lag": createIngestLag(),
    "clock-stepped": createClockStepped(),
    "sender-clocks": createSenderClocks(),
  };
  const standing = DOUBT_ORDER.map((reason) => ({ reason, update: createStanding(reason) }));
  let doubts: readonly Doubt[] = [];
  let failure: string | null = null;

  const detailOf = (reason: DoubtReason): string | null =>
    reason === "detector-failed" ? failure : parts[reason].doubt();

  const stepParts = (tick: Tick, isNewStage: boolean): void => {
    for (const [reason, part] of Object.entries(parts)) {
      try {
        part.step(tick, isNewStage);
      } catch (error) {
        failure = `${reason}: ${error instanceof Error ? error.name : "an exception"}`;
      }
    }
  };

  return {
    step: (tick, isNewStage) => {
      stepParts(tick, isNewStage);
      doubts = standing.flatMap(({ reason, update }) => update(detailOf(reason), tick.to) ?? []);
    },
    doubts: () => doubts,
    changed: () => served.changed(),
  };
};
