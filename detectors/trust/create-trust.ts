import type { Arm } from "../../core/cohort.ts";
import type { Migration } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import { DOUBT_ORDER } from "../../core/undecided-reasons.ts";
import type { Doubt, DoubtReason } from "../../core/verdict.ts";
import { widened } from "../narrow-tick.ts";
import { ARMS } from "./arms.ts";
import { createCallsOfNoArm } from "./calls-of-no-arm.ts";
import { createClockStepped } from "./clock-stepped.ts";
import { createIncompleteSpans } from "./incomplete-spans.ts";
import { createIngestLag } from "./ingest-lag.ts";
import { createLostBaseline } from "./lost-baseline.ts";
import { createMissingValues } from "./missing-values.ts";
import { createOtherConfiguration } from "./other-configuration.ts";
import { createSampleRatio } from "./sample-ratio.ts";
import { createSenderClocks } from "./sender-clocks.ts";
import { createServedModels } from "./served-models.ts";
import type { TrustPart } from "./trust-part.ts";

/** Whether the data of a migration can be trusted with a promotion. Deterministic, as the engine is. */
export interface Trust {
  /** Takes in what was before judging began. */
  readonly learn: (tick: Tick) => void;
  /** Takes a tick in. Never throws: a part that fails is a doubt, and harm is judged on. */
  readonly step: (tick: Tick, isNewStage: boolean) => void;
  /** What is doubted after the last tick, the weightiest first. */
  readonly doubts: () => readonly Doubt[];
  /** Arms whose history begins anew with the next tick. */
  readonly changed: () => readonly Arm[];
  /** What is not known and would be good to know; one line each. */
  readonly notes: () => readonly string[];
  /** True while the stage has no baseline by plan: nothing can be compared. */
  readonly hasNoBaseline: () => boolean;
}

/** Where a stage is for a segment, these look at its calls alone; how calls come in is told of all of them. */
const OF_AUDIENCE: ReadonlySet<string> = new Set<DoubtReason>([
  "sample-ratio-mismatch",
  "no-baseline",
  "missing-values",
]);

/** A doubt keeps the tick that first showed it for as long as it stands. */
const createStanding = (reason: DoubtReason) => {
  let since: number | null = null;
  return (detail: string | null, about: string, at: number): Doubt | null => {
    since = detail === null ? null : (since ?? at);
    return detail === null || since === null ? null : { reason, detail, since, ...(about === "" ? {} : { about }) };
  };
};

/** The trust in a migration nothing is known of yet. */
export const createTrust = (
  migration: Pick<Migration, "baseline" | "candidate" | "match" | "rules" | "stages">,
): Trust => {
  const served = createServedModels();
  const lost = createLostBaseline();
  const other = createOtherConfiguration(migration);
  const missing = createMissingValues(migration);
  const astray = createCallsOfNoArm(migration);
  const parts: Readonly<Record<Exclude<DoubtReason, "detector-failed">, TrustPart>> = {
    "sample-ratio-mismatch": createSampleRatio(migration),
    "no-baseline": lost,
    "incomplete-spans": createIncompleteSpans(),
    "calls-of-no-arm": astray,
    "missing-values": missing,
    "other-configuration": other,
    "response-model-changed": served,
    "ingest-lag": createIngestLag(lost),
    "clock-stepped": createClockStepped(),
    "sender-clocks": createSenderClocks(),
  };
  const standing = DOUBT_ORDER.map((reason) => ({ reason, update: createStanding(reason) }));
  let doubts: readonly Doubt[] = [];
  let failure: string | null = null;

  const detailOf = (reason: DoubtReason): string | null =>
    reason === "detector-failed" ? failure : parts[reason].doubt();

  const aboutOf = (reason: DoubtReason): string =>
    reason === "detector-failed" ? "" : (parts[reason].about?.() ?? "");

  const stepParts = (tick: Tick, isNewStage: boolean): void => {
    for (const [reason, part] of Object.entries(parts)) {
      try {
        part.step(OF_AUDIENCE.has(reason) ? tick : widened(tick), isNewStage);
      } catch (error) {
        failure = `${reason}: ${error instanceof Error ? error.name : "an exception"}`;
      }
    }
  };

  return {
    learn: (tick) => astray.learn(tick),
    step: (tick, isNewStage) => {
      stepParts(tick, isNewStage);
      doubts = standing.flatMap(({ reason, update }) => update(detailOf(reason), aboutOf(reason), tick.to) ?? []);
    },
    doubts: () => doubts,
    changed: () => ARMS.filter((arm) => [served, other, missing].some((part) => part.changed().includes(arm))),
    notes: () => [...other.notes(), ...astray.notes()],
    hasNoBaseline: () => lost.hasNone(),
  };
};
