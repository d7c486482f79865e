import { utcMinute } from "../../core/utc-text.ts";
import type { DecisionRecord, Report } from "./report.ts";
import { type Block, type Section, tableOf } from "./section.ts";

const WHAT: Readonly<Record<DecisionRecord["decision"], string>> = { migrate: "migrate", defer: "wait" };

const documentText = ({ isOfStart }: DecisionRecord): string => {
  if (isOfStart === null) return "not started";
  return isOfStart ? "the one it was started with" : "another one";
};

const row = (record: DecisionRecord): readonly string[] => {
  const { at, by, decision, reason, revisit, advice } = record;
  return [utcMinute(at), by, WHAT[decision], reason, revisit ?? "–", advice, documentText(record)];
};

const blocks = (decisions: Report["decisions"]): readonly Block[] =>
  decisions === null
    ? [{ kind: "text", text: "Not known: decisions.jsonl was not read." }]
    : tableOf(
        ["time (UTC)", "who", "decided to", "reason", "look again", "advice then", "document"],
        decisions.map(row),
        "Nobody put a decision on record (leeway decide).",
      );

/** Why it was begun, or put off: people's words before there was a ledger. */
export const decisionSection = ({ decisions }: Report): Section => ({
  id: "decision",
  title: "The decision to begin",
  blocks: blocks(decisions),
});
