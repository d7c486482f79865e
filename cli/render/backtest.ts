import type { Backtest } from "../../agent/backtest/backtest.ts";
import type { JudgedDecision, RecordedDecision } from "../../agent/backtest/beside-record.ts";
import { evidenceLine } from "../../core/evidence-line.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { lengthText } from "../../core/length-text.ts";
import { logEText } from "../../core/log-e-text.ts";
import type { Migration } from "../../core/migration.ts";
import { undecidedText } from "../../core/undecided-text.ts";
import { utcSecond } from "../../core/utc-text.ts";
import { valueUnit } from "../../core/value-unit.ts";
import type { Verdict } from "../../core/verdict.ts";
import { plural } from "../plural.ts";
import { renderTable } from "./table.ts";

const later = (ms: number): string =>
  Math.abs(ms) < 500 ? "then, too" : `${lengthText(Math.abs(ms))} ${ms > 0 ? "later" : "earlier"}`;

const evidenceText = (verdict: Verdict | null, unit: string): string => {
  if (verdict === null) return "–";
  return `${evidenceLine(verdict.evidence, unit)}; log e ${logEText(verdict.evidence)}`;
};

const subject = (decision: JudgedDecision["decision"]): string => {
  switch (decision.kind) {
    case "advance":
      return `to stage ${decision.toStage + 1}`;
    case "pause":
    case "rollback":
      return decision.rule;
    case "page":
      return "–";
    default:
      return unreachable(decision);
  }
};

interface Row {
  readonly at: number;
  readonly cells: readonly string[];
}

const decisionRow = (each: JudgedDecision, unitOf: (rule: string) => string): Row => {
  const { at, decision, verdict, recorded } = each;
  const segment = verdict === null ? "–" : verdict.evidence.segment || "all calls";
  const evidence =
    decision.kind === "page" ? decision.reason : evidenceText(verdict, verdict === null ? "" : unitOf(verdict.rule));
  const really = recorded === null ? "not decided" : later(recorded.at - at);
  return { at, cells: [utcSecond(at), decision.kind, really, subject(decision), segment, evidence] };
};

const recordRow = ({ at, by, kind, rule, reason }: RecordedDecision): Row => ({
  at,
  cells: [utcSecond(at), "–", kind, rule ?? "–", "–", by === "agent" ? reason : `${by}: ${reason}`],
});

const ruleRow = (backtest: Backtest, unitOf: (rule: string) => string): readonly (readonly string[])[] =>
  backtest.rules.map(({ rule, severity, breach, firstClear, last }) => [
    rule,
    severity,
    breach === null ? "never" : utcSecond(breach.at),
    breach === null ? "" : evidenceText(breach.verdict, unitOf(rule)),
    firstClear === null ? "never" : utcSecond(firstClear),
    last === null
      ? "not judged"
      : last.outcome === "undecided"
        ? `undecided: ${undecidedText(last, unitOf(rule))}`
        : last.outcome,
  ]);

/** `leeway backtest` for people; times are UTC. */
export const renderBacktest = (backtest: Backtest, migration: Migration): string => {
  const { range, ticks, calls, everyMs } = backtest;
  const unitOf = (id: string): string => {
    const rule = migration.rules.find((each) => each.id === id);
    return rule === undefined ? "" : valueUnit(rule);
  };
  const rows = [...backtest.decisions.map((each) => decisionRow(each, unitOf)), ...backtest.recordedOnly.map(recordRow)]
    .sort((a, b) => a.at - b.at)
    .map(({ cells }) => cells);
  const resolution = everyMs === null ? "as stored" : `merged to ${lengthText(everyMs)}`;
  return [
    `${backtest.migration}: ${utcSecond(range.from)} to ${utcSecond(range.to)} UTC (${lengthText(range.to - range.from)}), ${plural(ticks, "tick")} ${resolution}, ${calls.canary} canary and ${calls.baseline} baseline calls`,
    ...backtest.notes.map((note) => `note: ${note}`),
    "",
    ...(rows.length === 0
      ? ["nothing would have been decided, and nothing was"]
      : renderTable(["time", "decision", "really", "rule", "segment", "evidence"], rows)),
    "",
    ...renderTable(["rule", "severity", "first breach", "", "first clear", "at the end"], ruleRow(backtest, unitOf)),
  ].join("\n");
};
