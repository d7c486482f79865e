import { countText } from "./count-text.ts";
import { momentText } from "./evidence-line.ts";
import { tableFigure } from "./figure.ts";
import { type ArmHandoffs, HANDOFF_KINDS, HANDOFF_UNITS, type HandoffEffect, type HandoffReading } from "./handoff.ts";
import { percent } from "./percent.ts";

/** What the columns of a table of first turns are. */
export const HANDOFF_COLUMNS = [
  "signal",
  "first turns",
  "unmoved",
  "difference",
  "95% interval",
  "conversations",
] as const;

const signed = (value: number, unit: string): string => {
  const text = percent(Math.abs(value));
  return `${value < 0 ? "-" : "+"}${unit === "points" ? `${text.replace("%", "")} pt` : text}`;
};

/** What a move does to one signal, a cell a column. */
export const handoffRow = ({
  signal,
  values,
  difference,
  interval,
  missing,
  conversations,
}: HandoffEffect): readonly string[] => {
  const unit = HANDOFF_KINDS[signal] === "rate" ? "points" : "relative";
  const counts = `${conversations.moved} / ${conversations.stayed}`;
  const shown = [values.moved, values.stayed].map((value) => tableFigure(value, HANDOFF_UNITS[signal]));
  if (difference === null || interval === null)
    return [signal, ...shown, "too few", `${missing?.moved ?? 0} / ${missing?.stayed ?? 0} missing`, counts];
  const between = `${signed(interval.lower, unit)} to ${signed(interval.upper, unit)}`;
  return [signal, ...shown, signed(difference, unit), between, counts];
};

const counted = (count: number, one: string): string => `${countText(count)} ${one}${count === 1 ? "" : "s"}`;

/** `42 conversations moved to the baseline, 57 calls of first turns; 2026-… to 2026-…`. */
export const movedText = ({
  arm,
  conversations,
  calls,
  first,
  last,
}: Pick<ArmHandoffs, "arm" | "conversations" | "calls" | "first" | "last">): string =>
  `${counted(conversations, "conversation")} moved to the ${arm}, ${counted(calls, "call")} of first turns; ${momentText(first)} to ${momentText(last)}`;

/** Calls after a move that could not be counted, in words; empty where there are none. */
export const namelessText = ({ nameless }: Pick<ArmHandoffs, "nameless">): string =>
  nameless === 0 ? "" : `${counted(nameless, "call")} after a move that name no conversation (gen_ai.conversation.id)`;

/** Conversations that changed arms and say nothing of it, and what to do; empty where there are none. */
export const unmarkedText = ({ unmarked }: Pick<HandoffReading, "unmarked">): string =>
  unmarked === 0
    ? ""
    : `${counted(unmarked, "conversation")} had calls of both arms and no mark of a move: pin them (docs/instrumentation.md), or name the conversation where the flag is asked`;

/** What it means that nothing says of a move: that there was none, or that it is not known. */
export const noHandoffText = ({ calls, named }: Pick<HandoffReading, "calls" | "named">): string => {
  if (calls === 0) return "not known: no call in this stage";
  return named === 0
    ? "not known: no call names its conversation (gen_ai.conversation.id), or says that it was moved"
    : `none: no call says that its conversation was moved; ${countText(named)} of ${countText(calls)} calls name theirs`;
};
