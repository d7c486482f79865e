import { momentText } from "../../core/evidence-line.ts";
import { tableFigure } from "../../core/figure.ts";
import { type ArmHandoffs, HANDOFF_KINDS, HANDOFF_UNITS, type HandoffEffect } from "../../core/handoff.ts";
import { percent } from "../../core/percent.ts";
import type { HandoffsView } from "../../status/handoffs-view.ts";
import { renderTable } from "./table.ts";

const HEADER = ["signal", "first turns", "unmoved", "difference", "95% interval", "conversations"] as const;

const signed = (value: number, unit: string): string => {
  const text = percent(Math.abs(value));
  return `${value < 0 ? "-" : "+"}${unit === "points" ? `${text.replace("%", "")} pt` : text}`;
};

const rowOf = ({ signal, values, difference, interval, missing, conversations }: HandoffEffect): readonly string[] => {
  const unit = HANDOFF_KINDS[signal] === "rate" ? "points" : "relative";
  const counts = `${conversations.moved} / ${conversations.stayed}`;
  const shown = [values.moved, values.stayed].map((value) => tableFigure(value, HANDOFF_UNITS[signal]));
  if (difference === null || interval === null)
    return [signal, ...shown, "too few", `${missing?.moved ?? 0} / ${missing?.stayed ?? 0} missing`, counts];
  const between = `${signed(interval.lower, unit)} to ${signed(interval.upper, unit)}`;
  return [signal, ...shown, signed(difference, unit), between, counts];
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

const armLines = ({ arm, conversations, calls, nameless, first, last, effects }: ArmHandoffs): readonly string[] => {
  const moved = `hand-offs: ${counted(conversations, "conversation")} moved to the ${arm}, ${counted(calls, "call")} of first turns`;
  const without =
    nameless === 0
      ? []
      : [`  left out   ${counted(nameless, "call")} after a move that name no conversation (gen_ai.conversation.id)`];
  const table = conversations === 0 ? [] : renderTable(HEADER, effects.map(rowOf)).map((line) => `  ${line}`);
  return [`${moved}; ${momentText(first)} to ${momentText(last)}`, ...table, ...without];
};

const unmarkedLine = (unmarked: number): string =>
  `hand-offs: ${counted(unmarked, "conversation")} had calls of both arms and no mark of a move: pin them (docs/instrumentation.md), or name the conversation where the flag is asked`;

const noneLine = (calls: number, named: number): string => {
  if (calls === 0) return "hand-offs: not known: no call in this stage";
  if (named === 0)
    return "hand-offs: not known: no call names its conversation (gen_ai.conversation.id), or says that it was moved";
  return `hand-offs: none: no call says that its conversation was moved; ${named} of ${calls} calls name theirs`;
};

/** What a change of the arm does to a conversation's first turns, as a table for each arm that some were moved to. */
export const renderHandoffs = ({ handoffs, problem }: HandoffsView): readonly string[] => {
  if (handoffs === null) return [`hand-offs: not known: ${problem}`, ""];
  const { arms, calls, named, unmarked } = handoffs;
  return [
    ...(arms.length === 0 && unmarked === 0 ? [noneLine(calls, named)] : arms.flatMap(armLines)),
    ...(unmarked === 0 ? [] : [unmarkedLine(unmarked)]),
    "",
  ];
};
