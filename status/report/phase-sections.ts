import type { CostPart } from "../../core/cost-difference.ts";
import {
  COST_FACTORS,
  costFigures,
  costLeftOutText,
  costSentence,
  costUnknownText,
  signedShare,
  signedUsd,
  usedParts,
} from "../../core/cost-text.ts";
import { countText } from "../../core/count-text.ts";
import { momentText } from "../../core/evidence-line.ts";
import { figure } from "../../core/figure.ts";
import { lengthText } from "../../core/length-text.ts";
import { shortText } from "../../core/short-text.ts";
import { utcMinute } from "../../core/utc-text.ts";
import type { CostView } from "../cost-view.ts";
import type { CostRecord, Phase, Report } from "./report.ts";
import { type Block, type Section, tableOf } from "./section.ts";

const lengthOr = (ms: number): string => (ms > 0 ? lengthText(ms) : "–");

const took = ({ time: { planned, paused, approval, held } }: Phase): number => planned + paused + approval + held;

/** Longer reasons stand whole where incidents and people's decisions are. */
const MOST_OF_END = 120;

const row = (phase: Phase): readonly string[] => {
  const { life, name, from, to, plannedMs, time, ended, kind } = phase;
  return [
    `${life}`,
    name,
    utcMinute(from),
    to === null ? "goes on" : utcMinute(to),
    plannedMs === null ? "–" : lengthText(plannedMs),
    lengthOr(took(phase)),
    lengthOr(time.approval),
    kind === "rolled-back" ? "–" : lengthOr(time.held),
    lengthOr(time.paused),
    shortText(ended, MOST_OF_END),
  ];
};

/** Planned against real, stage by stage. */
export const phaseSection = ({ phases }: Report): Section => ({
  id: "phases",
  title: "Phases, planned and real",
  blocks: [
    {
      kind: "text",
      text: "A stage takes at least the time of the plan. What it took beyond it went to a person's approval, to rules and doubts that held it, or to a pause.",
    },
    ...tableOf(
      ["life", "phase", "from (UTC)", "to", "planned", "took", "approval", "held", "paused", "ended by"],
      phases.map(row),
      "It has not started: there is no phase.",
    ),
  ],
});

const NOT_MEASURED = "not measured";

const money = (usd: number | null): string => (usd === null ? NOT_MEASURED : figure(usd, "USD"));

const costRow = ({ phase, canaryCalls, canaryUsd, extraUsd }: CostRecord): readonly string[] => [
  phase,
  canaryCalls === null ? NOT_MEASURED : countText(canaryCalls),
  money(canaryUsd),
  money(extraUsd),
];

const sumOf = (costs: readonly CostRecord[], of: "canaryUsd" | "extraUsd"): string => {
  const known = costs.flatMap((cost) => cost[of] ?? []);
  if (known.length === 0) return NOT_MEASURED;
  const sum = figure(
    known.reduce((a, b) => a + b, 0),
    "USD",
  );
  return known.length === costs.length ? sum : `${sum}, of ${known.length} of ${costs.length} phases`;
};

const partRow = (part: CostPart): readonly string[] => {
  const about = COST_FACTORS[part.factor];
  const figures = costFigures(part);
  return [
    about.meaning,
    signedUsd(part.usd),
    signedShare(part.relative),
    figures?.canary ?? "–",
    figures?.baseline ?? "–",
    about.figures || "–",
  ];
};

/** Why a call costs more or less on the candidate, in parts that sum to the difference. */
const whyBlocks = (cost: CostView | null): readonly Block[] => {
  if (cost === null) return [];
  const { difference, problem, from, to } = cost;
  const heading: Block = { kind: "heading", text: "Why a call costs more or less" };
  const range = `calls that ended ${momentText(from)} to ${momentText(to)}`;
  if (difference === null) return [heading, { kind: "text", text: `Not measured: ${problem}` }];
  const left = costLeftOutText(difference);
  const leftOut: readonly Block[] = left === "" ? [] : [{ kind: "text", text: `In neither mean: ${left}.` }];
  if (difference.outcome === "unknown")
    return [heading, { kind: "text", text: `Not explained: ${costUnknownText(difference)}; ${range}.` }, ...leftOut];
  return [
    heading,
    { kind: "text", text: `${costSentence(difference)}; ${range}. The parts sum to the difference.` },
    ...tableOf(
      ["part", "a call", "of baseline", "canary", "baseline", "figures"],
      usedParts(difference.parts).map(partRow),
      "The arms cost the same in every part.",
    ),
    ...leftOut,
  ];
};

/** What the candidate's calls cost, and what they cost more than the baseline's would have. */
export const costSection = ({ costs, cost }: Report): Section => ({
  id: "cost",
  title: "Cost of the canary",
  blocks: [
    {
      kind: "text",
      text: "Calls of known cost times their mean, by the judgement each phase ended with. A phase without such a judgement, or a plan without a rule on the mean of cost_usd over all calls, is not measured. No shadow calls are counted here.",
    },
    ...tableOf(
      ["phase", "canary calls", "they cost", "more than the baseline would have"],
      costs.map(costRow),
      "Not measured: there was no phase with canary calls.",
    ),
    ...(costs.length === 0
      ? []
      : [
          {
            kind: "text",
            text: `In all: ${sumOf(costs, "canaryUsd")}; more than the baseline would have: ${sumOf(costs, "extraUsd")}.`,
          } as const,
        ]),
    ...whyBlocks(cost),
  ],
});
