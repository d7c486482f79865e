import { percent } from "../../core/percent.ts";
import type { DrillView } from "../../status/drill-view.ts";

type Step = keyof DrillView["seconds"];

const WORDS: Readonly<Record<Step, string>> = {
  decision: "decision on record",
  flip: "flag written",
  readBack: "flag read back at 0%",
  people: "people told, marked DRILL",
  drain: "drain",
  restore: "share restored",
};

const detailOf = (step: Step, { channels, drain, drainText, restoredShare, rule }: DrillView): string => {
  if (step === "decision")
    return rule === "" ? "no rule rolls back; as a person would" : `on a made-up breach of ${rule}`;
  if (step === "people") return (channels ?? []).join(", ") || "no channel takes rollbacks";
  if (step === "drain") return drain === "proven" ? "proven by the spans" : `NOT proven: ${drainText}`;
  if (step === "restore") return restoredShare === null ? "by somebody else, to what they set" : percent(restoredShare);
  return "";
};

const line = (text: string, seconds: number, detail: string): string =>
  `  ${text.padEnd(26)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${detail}`.trimEnd();

/** The steps of a drill that were taken, one line each, by their name. */
export const drillSteps = (drill: DrillView): ReadonlyMap<Step, string> =>
  new Map(
    Object.entries(drill.seconds).flatMap(([name, seconds]) => {
      const step = name as Step;
      return seconds === null ? [] : [[step, line(WORDS[step], seconds, detailOf(step, drill))] as const];
    }),
  );

/** How it ended, in one line. */
export const drillEnd = (migration: string, { outcome, outcomeText, drainText, why }: DrillView): string => {
  const reason = why || (outcome === "flipped" ? drainText : "");
  return `${migration}: drill ${outcomeText}${reason === "" ? "" : `: ${reason}`}`;
};
