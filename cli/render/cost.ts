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
import { momentText } from "../../core/evidence-line.ts";
import type { CostView } from "../../status/cost-view.ts";
import { renderTable } from "./table.ts";

const HEADER = ["part", "a call", "of baseline", "canary", "baseline", "figures"] as const;

const rowOf = (part: CostPart): readonly string[] => {
  const { factor, usd, relative } = part;
  const about = COST_FACTORS[factor];
  const figures = costFigures(part);
  return [
    factor,
    signedUsd(usd),
    signedShare(relative),
    figures?.canary ?? "",
    figures?.baseline ?? "",
    about.figures || about.meaning,
  ];
};

/** Why a call costs more or less, as a table whose parts sum to the difference; parts that are nothing are left out. */
export const renderCost = ({ from, to, difference, problem }: CostView): readonly string[] => {
  const since = `calls that ended ${momentText(from)} to ${momentText(to)}`;
  if (difference === null) return [`cost: not known: ${problem}`, ""];
  const left = costLeftOutText(difference);
  const leftLines = left === "" ? [] : [`  left out   ${left}: in neither mean`];
  if (difference.outcome === "unknown")
    return [`cost: not explained: ${costUnknownText(difference)}; ${since}`, ...leftLines, ""];
  const rows = usedParts(difference.parts).map(rowOf);
  const table = rows.length === 0 ? [] : renderTable(HEADER, rows).map((line) => `  ${line}`);
  const sum =
    rows.length === 0 ? [] : ["  The parts sum to the difference (docs/statistics.md, Why a call costs more)."];
  return [`cost: ${costSentence(difference)}; ${since}`, ...table, ...leftLines, ...sum, ""];
};
