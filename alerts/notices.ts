import { ofAudience } from "../core/audience.ts";
import { unreachable } from "../core/exhaustive.ts";
import { lengthText } from "../core/length-text.ts";
import type { Migration, Stage } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import { exactPercent, percent } from "../core/percent.ts";
import type { Verdict } from "../core/verdict.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";
import { audienceOfStage, shareOfStage, stageText } from "../lifecycle/stages.ts";
import { stageAudience, stageShare } from "../lifecycle/state.ts";
import { whoApproves } from "./approval-notice.ts";
import { breachText, evidenceHint, modelFacts } from "./cause-text.ts";
import { type Draft, type Facts, finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/** `pause`: the ramp stops, the share stays. Id: `<scope>/pause/<rule>/<at>`. `share` is the one kept, 0-1. */
export const pauseNotice = (context: NoticeContext, verdict: Verdict, share: number): Notice => {
  const { name } = context.migration;
  const why = breachText(context, verdict);
  return finishNotice(context, {
    ...{ type: "pause", id: `${scopeOf(context)}/pause/${verdict.rule}/${context.at}`, ...why.where },
    title: `Paused ${name}: ${why.headline}`,
    summary: [why.happened],
    done: [
      `The ramp stopped; the canary keeps ${percent(share)} of the traffic.`,
      "Nothing was rolled back; rules that roll back are judged on, and act without asking.",
    ],
    proof: [why.proof],
    next: [
      `A person decides, and nothing moves until then: \`leeway resume ${name}\` continues the ramp, \`leeway rollback ${name}\` goes back to the baseline.`,
      evidenceHint(why.explain),
    ],
    facts: [...why.facts, ...modelFacts(context.migration)],
  });
};

/**
 * `page`: something a person has to look at now. Id: `<scope>/page/<topic>`; a topic that can come back carries what
 * tells its occurrences apart.
 */
export const pageNotice = (
  context: NoticeContext,
  { topic, ...draft }: { readonly topic: string; readonly facts?: Facts } & Omit<Draft, "type" | "id" | "facts">,
): Notice =>
  finishNotice(context, {
    facts: modelFacts(context.migration),
    ...draft,
    type: "page",
    id: `${scopeOf(context)}/page/${topic}`,
  });

const decidedBy = (by: string, reason: string): string => `Decided by ${by === "agent" ? "the agent" : by}: ${reason}.`;

/** Where the migration came to: index of the stage, who decided so, and whether a person has to approve what comes next. */
interface Arrival {
  readonly stage: number;
  readonly by: string;
  readonly reason: string;
  readonly asks: boolean;
}

/** What has to be clear before a stage ends. */
const clearText = (stage: Stage | undefined): string => {
  switch (stage?.kind) {
    case "baseline":
      return "the baseline is known";
    case "shadow":
      return "the answers of the shadow are clear";
    case "canary":
    case "observe":
    case undefined:
      return stage?.gate === undefined
        ? "every rule is clear"
        : `the rules of its gate are clear (${stage.gate.join(", ")})`;
    default:
      return unreachable(stage);
  }
};

/** How long the stage takes, and what ends it. */
const endOfStage = ({ name, stages }: Migration, { stage, asks }: Arrival): string => {
  const after = `after ${lengthText(stages[stage]?.forMs ?? 0)}, when ${clearText(stages[stage])}`;
  return asks
    ? `This stage ends ${after} and a person runs \`leeway advance ${name}\`.`
    : `This stage ends by itself ${after}.`;
};

/** Who gets what from now on. */
const servedText = ({ baseline, candidate }: Migration, stage: Stage | undefined): string => {
  switch (stage?.kind) {
    case "baseline":
      return `All traffic stays with the baseline ${baseline.model}, whose calls are learned; nobody meets the candidate ${candidate.model} yet.`;
    case "shadow":
      return `The candidate ${candidate.model} is asked beside the baseline for ${exactPercent(stage.mirrored)} of the calls; nobody gets its answers.`;
    case "canary": {
      const { audience = null } = stage;
      return `The candidate ${candidate.model} is to get ${percent(stage.share)} of the traffic${ofAudience(audience)} from now on${audience === null ? "" : ", and nobody else's"}.`;
    }
    case "observe":
      return `The candidate ${candidate.model} is to get ${exactPercent(1 - stage.holdback)} of the traffic and is watched; the rest stays with the baseline to compare with.`;
    case undefined:
      return `The candidate ${candidate.model} is to get an unknown share of the traffic.`;
    default:
      return unreachable(stage);
  }
};

/** `stage`: the migration moved. `stage` is the index it stands at now. Id: `<scope>/stage/<stage>/<at>`. */
export const stageNotice = (context: NoticeContext, arrival: Arrival): Notice => {
  const { name, stages } = context.migration;
  const { stage, by, reason } = arrival;
  const at = stages[stage];
  const share = at === undefined ? "an unknown share" : percent(shareOfStage(at));
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/stage/${stage}/${context.at}`,
    title: `${name}: stage ${stage + 1} of ${stages.length}, ${at === undefined ? "unknown" : stageText(at)}`,
    summary: [servedText(context.migration, at), decidedBy(by, reason)],
    next: [
      "Nothing now.",
      endOfStage(context.migration, arrival),
      `To go back at any time: \`leeway rollback ${name}\`.`,
    ],
    facts: [
      ["Stage", `${stage + 1} of ${stages.length}`],
      ["Canary share", `${share}${ofAudience(audienceOfStage(at))}`],
      ...modelFacts(context.migration),
    ],
  });
};

/** `stage`: the migration began, or began anew, and its first stage waits for an approval. Id: `<scope>/stage/waiting/<at>`. */
export const waitingNotice = (
  context: NoticeContext,
  { by, reason }: { readonly by: string; readonly reason: string },
): Notice => {
  const { name, stages, candidate } = context.migration;
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/stage/waiting/${context.at}`,
    title: `${name}: waits for approval of stage 1 of ${stages.length}`,
    summary: [`The candidate ${candidate.model} gets no traffic before that.`, decidedBy(by, reason)],
    next: [
      `${whoApproves(context.migration)} runs \`leeway advance ${name}\` for it to begin; nothing moves until then.`,
    ],
    facts: [["Stage", `before 1 of ${stages.length}`], ["Canary share", percent(0)], ...modelFacts(context.migration)],
  });
};

/**
 * `stage`: the migration was taken up, and its first stage does not begin because something is not in order. A warning. Id:
 * `<scope>/stage/held/<at>`.
 */
export const heldEntryNotice = (context: NoticeContext, { reason }: { readonly reason: string }): Notice => {
  const { name, stages, candidate } = context.migration;
  return finishNotice(context, {
    type: "stage",
    severity: "warning",
    id: `${scopeOf(context)}/stage/held/${context.at}`,
    title: `${name}: stage 1 of ${stages.length} does not begin yet`,
    summary: [`The candidate ${candidate.model} gets no traffic: ${reason}.`],
    next: [
      `Mend that: it begins by itself then. \`leeway advance ${name}\` begins it all the same.`,
      `How it stands: \`leeway status ${name}\`.`,
    ],
    facts: [["Stage", `before 1 of ${stages.length}`], ["Canary share", percent(0)], ...modelFacts(context.migration)],
  });
};

/** `stage`: a person gave the migration up. Id: `<scope>/abandoned/<at>`. */
export const abandonedNotice = (
  context: NoticeContext,
  { by, reason }: { readonly by: string; readonly reason: string },
): Notice => {
  const { name, baseline } = context.migration;
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/abandoned/${context.at}`,
    title: `${name}: abandoned, all traffic goes to the baseline`,
    summary: [`${by} gave the migration up: ${reason}.`, `The flag goes to 0%, and all calls to ${baseline.model}.`],
    next: [
      "Nothing now: the spans are watched until canary calls provably stopped, and you hear of it.",
      "It cannot be re-armed; a new attempt is a migration of another name. Keep the old flag until the drain is proven.",
    ],
    facts: [["By", by], ["Reason", reason], ["Canary share", percent(0)], ...modelFacts(context.migration)],
  });
};

/** `stage`: the last stage is over. Its share stays, so that a live baseline remains to compare with. Id: `<scope>/stage/done/<at>`. */
export const doneNotice = (
  context: NoticeContext,
  { by, reason }: { readonly by: string; readonly reason: string },
): Notice => {
  const { name, stages } = context.migration;
  const last = {
    share: stageShare(context.migration, stages.length),
    audience: stageAudience(context.migration, stages.length),
  };
  const share = exactPercent(last.share);
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/stage/done/${context.at}`,
    title: `${name}: done, the candidate keeps ${exposureText(last)}`,
    summary: [
      `The last of ${stages.length} stages is over; the candidate keeps ${share} of the traffic${ofAudience(last.audience)}.`,
      decidedBy(by, reason),
    ],
    next: ["Nothing. To finish, make the candidate the app's default, and take the migration and its flag away."],
    facts: [["Canary share", share], ...modelFacts(context.migration)],
  });
};

/** `test`: proves that a channel works; every channel carries it. Id: `test/<at>`. */
export const testNotice = ({
  at,
  by,
  link,
}: {
  readonly at: number;
  readonly by: string;
  readonly link: string;
}): Notice =>
  finishNotice(
    { migration: { name: "" }, incident: "", at, link },
    {
      type: "test",
      id: `test/${at}`,
      title: "Test: this channel works",
      summary: [`${by} sent this to see that notices arrive here. Nothing happened to any migration.`],
      facts: [],
    },
  );
