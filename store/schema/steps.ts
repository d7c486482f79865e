import { createCostHours } from "./cost-hours.ts";
import { createIntakeTotals } from "./intake.ts";
import { createLedger } from "./ledger.ts";
import { createMinutes, createMinutesView, renewMinutesView } from "./llm-1m.ts";
import {
  addClockSkew,
  addFailures,
  addFeatures,
  addHandoff,
  addPairId,
  addParameters,
  addRetries,
  allowUnknownDuration,
  createSpans,
} from "./llm-spans.ts";
import { createMonitorSlices, createMonitorStates } from "./monitors.ts";
import { createOutcomeEvents, createOutcomes, indexSpanIds } from "./outcomes.ts";
import { createPairWords } from "./pair-words.ts";
import { createPairs } from "./pairs.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";
import { createSamples } from "./samples.ts";

/** Name of the table that records which schema steps a database has taken. */
export const STEPS = "schema_steps";

/** One change of the schema. Steps are taken in order, once; a step that was cut short is safe to take again. */
export interface SchemaStep {
  /** Counts from 1 without gaps; never reused. */
  readonly id: number;
  readonly name: string;
  /** `viewUuid`: of the view that fills the minute rollup, as it was before the steps; null where it can have any. */
  readonly sql: (placement: Placement, viewUuid: string | null) => readonly string[];
}

/** Every step, oldest first. A released step is never edited: a change is a new step at the end. */
export const SCHEMA_STEPS: readonly SchemaStep[] = [
  { id: 1, name: "raw spans", sql: (placement) => [createSpans(placement)] },
  { id: 2, name: "minute rollup", sql: (placement) => [createMinutes(placement), createMinutesView(placement)] },
  { id: 3, name: "samples per tick", sql: (placement) => [createSamples(placement)] },
  { id: 4, name: "decision ledger", sql: (placement) => [createLedger(placement)] },
  { id: 5, name: "outcomes", sql: (placement) => [createOutcomeEvents(placement), createOutcomes(placement)] },
  { id: 6, name: "calls by their ids", sql: indexSpanIds },
  { id: 7, name: "output features by name", sql: (placement) => [addFeatures(placement)] },
  { id: 8, name: "parameters of the request", sql: (placement) => [addParameters(placement)] },
  { id: 9, name: "monitors", sql: (placement) => [createMonitorSlices(placement), createMonitorStates(placement)] },
  { id: 10, name: "what apps say of their own sending", sql: (placement) => [createIntakeTotals(placement)] },
  { id: 11, name: "calls moved in time", sql: (placement) => [addClockSkew(placement)] },
  {
    id: 12,
    name: "calls of unknown duration",
    sql: (placement, viewUuid) => [allowUnknownDuration(placement), ...renewMinutesView(placement, viewUuid)],
  },
  { id: 13, name: "kinds of failures", sql: (placement) => [addFailures(placement)] },
  { id: 14, name: "retries of a call", sql: (placement) => [addRetries(placement)] },
  { id: 15, name: "hand-offs of conversations", sql: (placement) => [addHandoff(placement)] },
  { id: 16, name: "served calls and their second answers", sql: (placement) => [createPairs(placement)] },
  { id: 17, name: "costs taken apart", sql: (placement) => [createCostHours(placement)] },
  { id: 18, name: "calls of a pair", sql: (placement) => [addPairId(placement)] },
  { id: 19, name: "what pairs are judged to be", sql: (placement) => [createPairWords(placement)] },
];

/** The table of taken steps. */
export const createSteps = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, STEPS)}${onCluster(placement)} (
  id UInt32,
  name String,
  taken DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
) ENGINE = ${engineOf(placement, "")}
ORDER BY id
SETTINGS ${dedupWindow(placement, 100)}`;
