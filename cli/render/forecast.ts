import { ASSUMED_VALUES } from "../../agent/forecast/assumed-signals.ts";
import type { AssumedTraffic } from "../../agent/forecast/assumed-traffic.ts";
import type { HoldingRule, RampForecast, StageForecast } from "../../agent/forecast/forecast-ramp.ts";
import { ASSUMED_PART, partOfStage } from "../../agent/forecast/part-of-stage.ts";
import { lengthText } from "../../core/length-text.ts";
import type { Migration } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { shortNumber } from "../../core/short-number.ts";
import { MIN_CALLS_TO_CLEAR } from "../../detectors/plan.ts";
import { stageText } from "../../lifecycle/stages.ts";
import { describeRule } from "../../status/describe-rule.ts";
import { renderTable } from "./table.ts";

/** True for a stage that most healthy candidates would never leave within the search. */
export const isNeverLeft = ({ medianMs }: StageForecast): boolean => medianMs === null;

const took = (ms: number | null, searchMs: number): string =>
  ms === null ? `more than ${lengthText(searchMs)}` : lengthText(ms);

const rowOf = (migration: Migration, stage: StageForecast, i: number): readonly string[] => {
  const written = migration.stages[i];
  return [
    `stage ${i + 1}${written === undefined ? "" : ` (${stageText(written)})`}`,
    lengthText(stage.forMs),
    stage.runs === 0 ? "–" : took(stage.medianMs, stage.searchMs),
    stage.runs === 0 ? "–" : took(stage.p95Ms, stage.searchMs),
    stage.heldBy.slice(0, 2).join(", ") || "its time",
  ];
};

const wayOut = ({ share, wider }: HoldingRule): string => {
  const ways = [
    ...(share === null ? [] : [`a share of ${exactPercent(Math.round(share * 1e4) / 1e4)}`]),
    ...(wider === null ? [] : [`the limit ${describeRule(wider)}`]),
  ];
  return ways.length === 0
    ? "no share up to 50% and no limit up to 3 times its own would do"
    : `${ways.join(" or ")} would do`;
};

const heldText = (each: HoldingRule, searchMs: number): string =>
  `    ${each.rule.id} by itself takes ${took(each.tookMs, searchMs)}; ${wayOut(each)}`;

/** Before the engine's least number of canary calls nothing is proven, whatever the limit. */
const leastText = (stage: StageForecast, { callsPerDay }: AssumedTraffic): readonly string[] => {
  const perDay = stage.share * stage.part * callsPerDay;
  const calls = (perDay * stage.forMs) / 86_400_000;
  if (calls >= MIN_CALLS_TO_CLEAR || stage.share === 0) return [];
  const needed = (MIN_CALLS_TO_CLEAR / perDay) * 86_400_000;
  return [
    `    its time brings ${Math.round(calls)} canary calls, and nothing is clear before ${MIN_CALLS_TO_CLEAR}: that alone takes ${lengthText(needed)}`,
  ];
};

/** What the stage does not have to wait for, and is guarded by all the same. */
const gateText = ({ rules, stages }: Migration, { holding }: StageForecast, i: number): readonly string[] => {
  const waited = rules.filter(({ id }) => stages[i]?.gate?.includes(id) ?? true);
  const rest = waited.filter(({ id }) => holding.every(({ rule }) => rule.id !== id));
  if (rest.length === 0) return [];
  return [
    `    gate: [${rest.map(({ id }) => id).join(", ")}] would let it end in its time; the other rules guard it all the same`,
  ];
};

const explain = (migration: Migration, stage: StageForecast, i: number, traffic: AssumedTraffic): readonly string[] => {
  if (stage.holding.length === 0) return [];
  const head = isNeverLeft(stage)
    ? `  ERROR: stage ${i + 1} does not end within ${lengthText(stage.searchMs)}, ${Math.round(stage.searchMs / stage.forMs)} times its time, for most healthy candidates`
    : `  LOOK: stage ${i + 1} takes longer than is written`;
  return [
    head,
    ...leastText(stage, traffic),
    ...stage.holding.map((each) => heldText(each, stage.searchMs)),
    ...gateText(migration, stage, i),
  ];
};

const assumedParts = ({ stages }: Migration): string =>
  stages.every((stage) => partOfStage(stage) === 1)
    ? ""
    : `each value of a stage's segment ${exactPercent(ASSUMED_PART)} of the calls, `;

const assumed = (migration: Migration, { callsPerDay, users }: AssumedTraffic): string =>
  `  assumed: each signal as above, ${shortNumber(users)} users who call ${shortNumber(callsPerDay / users)} times a day and stay in their arm, ` +
  `segments of ${ASSUMED_VALUES.map(({ share }) => exactPercent(share)).join(", ")} of the calls, ${assumedParts(migration)}scores for 10% of them, no incident of anybody's`;

/** What is foreseen of a migration, as lines. */
export const renderForecast = (
  migration: Migration,
  forecast: RampForecast,
  traffic: AssumedTraffic,
): readonly string[] => {
  const { stages, runs, rolledBack } = forecast;
  const rows = stages.map((stage, i) => rowOf(migration, stage, i));
  const head = ["stage", "written", "median", `19 of 20`, "last to be clear"];
  return [
    `${migration.name}: how long a healthy candidate stays in each stage, at ${shortNumber(traffic.callsPerDay)} calls a day (${runs} seeded runs${rolledBack === 0 ? "" : `, ${rolledBack} of them rolled back`})`,
    ...renderTable(head, rows).map((line) => `  ${line}`),
    ...stages.flatMap((stage, i) => explain(migration, stage, i, traffic)),
    assumed(migration, traffic),
  ];
};
