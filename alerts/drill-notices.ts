import { secondsText } from "../core/length-text.ts";
import type { Notice } from "../core/notice.ts";
import { exactPercent } from "../core/percent.ts";
import { drillDrainText, drillOutcomeText } from "../lifecycle/drill-text.ts";
import { type Drill, type DrillSteps, decisionToFlipMs, drillSteps } from "../lifecycle/drills.ts";
import { modelFacts } from "./cause-text.ts";
import { type Facts, finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

const STEP_NAMES: Readonly<Record<keyof DrillSteps, string>> = {
  decision: "Decision on record",
  flip: "Flag written",
  readBack: "Flag read back",
  people: "People told",
  drain: "Drain",
  restore: "Share restored",
};

const stepFacts = (drill: Drill): Facts =>
  Object.entries(drillSteps(drill)).flatMap(([step, ms]: [string, number | null]) =>
    // Who was told when is not known for certain when this is written.
    ms === null || step === "people" ? [] : [[STEP_NAMES[step as keyof DrillSteps], secondsText(ms)] as const],
  );

const ruleText = ({ rule }: Drill): string =>
  rule === ""
    ? "No rule of this migration rolls back: in earnest it would take a person."
    : `It stands for a breach of the rule ${rule}, which was made up.`;

const begunText = ({ by, reason }: Drill): string =>
  `This is a drill, which ${by} began: ${reason}. Nothing is wrong, and nobody has to act.`;

const flipText = (drill: Drill, { flag, target }: NoticeContext["migration"]["route"]): string => {
  const ms = decisionToFlipMs(drill);
  const where = `flag ${flag} (${target})`;
  if (ms === null) return `Tried to switch ${where} off: ${drill.why === "" ? "it did not follow" : drill.why}.`;
  const went =
    drill.share === 0 ? "was written as 0% canary once more" : `went from ${exactPercent(drill.share)} to 0% canary`;
  return `F${where.slice(1)} ${went} and was read back, ${secondsText(ms)} after the request.`;
};

/** `drill`: whom a rollback would be told to, is told of its drill. Id: `<incident>/told`. */
export const drillNotice = (context: NoticeContext, drill: Drill): Notice => {
  const { name, route } = context.migration;
  const isOff = drill.confirmedAt !== null;
  return finishNotice(context, {
    type: "drill",
    id: `${scopeOf(context)}/told`,
    title: isOff
      ? `DRILL, no incident: ${name} is rolled back for a moment`
      : `DRILL, no incident: ${name} was to be rolled back`,
    summary: [begunText(drill), ruleText(drill)],
    done: [flipText(drill, route), isOff ? "The share comes back within about a minute." : ""],
    proof: [isOff ? "That canary calls stopped, not yet: a second message says how it ended." : ""],
    next: ["Nothing: that this reached you shows that a rollback would."],
    facts: [["By", drill.by], ["Reason", drill.reason], ...modelFacts(context.migration)],
  });
};

const proofText = (drill: Drill): string => {
  if (drill.drain === null) return "";
  if (drill.drain !== "proven") return `That canary calls stop, no: ${drillDrainText(drill)}.`;
  const calls = drill.exposure?.baselineCalls ?? 0;
  return `That canary calls stop, yes, by the spans: ${calls} baseline calls and no canary call.`;
};

const restoredText = ({ restoredAt, restoredShare }: Drill): string => {
  if (restoredAt === null) return "The share stays at what is decided now.";
  return restoredShare === null
    ? "Somebody else set the flag meanwhile: theirs stands."
    : `The flag serves ${exactPercent(restoredShare)} again, as it did before.`;
};

const nextText = ({ outcome }: Drill, name: string): string =>
  outcome === "failed" ? `Mend it before a rollback is needed, and drill again: \`leeway drill ${name}\`.` : "Nothing.";

/** `drill`, resolving: it is over, and what was there before is there again. Id: `<incident>/over`. */
export const drillOverNotice = (context: NoticeContext, drill: Drill): Notice => {
  const { name, route } = context.migration;
  return finishNotice(context, {
    type: "drill",
    phase: "resolve",
    id: `${scopeOf(context)}/over`,
    title: `DRILL over: ${name}: ${drillOutcomeText(drill)}`,
    summary: [begunText(drill), drill.why === "" ? "" : `How it ended: ${drill.why}.`],
    done: [drill.confirmedAt === null ? "" : flipText(drill, route), restoredText(drill)],
    proof: [proofText(drill)],
    next: [nextText(drill, name)],
    facts: [["By", drill.by], ["Reason", drill.reason], ...stepFacts(drill), ...modelFacts(context.migration)],
  });
};
