import { unreachable } from "../core/exhaustive.ts";
import type { FlipResult } from "../core/flag.ts";
import type { Migration } from "../core/migration.ts";
import { NOTICE_STANDING, type Notice } from "../core/notice.ts";
import { exactPercent, percent } from "../core/percent.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RollbackCause } from "../lifecycle/news.ts";
import { shareOfStage } from "../lifecycle/stages.ts";
import { stageShare } from "../lifecycle/state.ts";
import { evidenceText } from "./evidence-text.ts";
import { type Facts, finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/** The flag the rollback acted on, and what it served before. */
export interface RolledBackFlag {
  readonly flag: string;
  readonly target: string;
  /** Canary share before, 0-1. */
  readonly shareBefore: number;
}

type Confirmed = Extract<FlipResult, { readonly outcome: "confirmed" }>;
type Unconfirmed = Exclude<FlipResult, Confirmed>;

const causeText = ({ migration }: NoticeContext, cause: RollbackCause) => {
  if ("verdict" in cause) {
    const text = evidenceText(migration, cause.verdict);
    return { ...text, explain: ` Evidence: leeway explain ${migration.name} ${cause.verdict.rule}.` };
  }
  const sentences = `Asked for by ${cause.by}: ${cause.reason}.`;
  const facts: Facts = [
    ["By", cause.by],
    ["Reason", cause.reason],
  ];
  return { headline: `by ${cause.by}`, sentences, facts, explain: "" };
};

const modelFacts = ({ baseline, candidate, owner }: Migration): Facts => [
  ["Candidate", candidate.model],
  ["Baseline model", baseline.model],
  ["Owner", owner],
];

/** `rollback`: the flag system itself confirms that the canary is off. Id: `<incident>/rollback`. */
export const rollbackNotice = (
  context: NoticeContext,
  cause: RollbackCause,
  { flag, target, shareBefore }: RolledBackFlag,
  flip: Confirmed,
): Notice => {
  const { name } = context.migration;
  const why = causeText(context, cause);
  const done = flip.wrote ? `went from ${percent(shareBefore)} to` : "was already at";
  return finishNotice(context, {
    type: "rollback",
    id: `${scopeOf(context)}/rollback`,
    title: `Rolled back ${name}: ${why.headline}`,
    summary: [
      why.sentences,
      `Done: flag ${flag} (${target}) ${done} ${percent(flip.state.share)} and was read back.`,
      "Now the spans are watched until canary calls stop; a second message says when that is proven, or pages if not.",
      `Exposure stays down until a person runs: leeway rearm ${name}.${why.explain}`,
    ],
    facts: [
      ...why.facts,
      ["Flag", `${flag} (${target}): ${percent(flip.state.share)}`],
      ...modelFacts(context.migration),
    ],
  });
};

const flipProblem = (flip: Unconfirmed): string => {
  switch (flip.outcome) {
    case "failed":
      return `${flip.why}: ${flip.detail}`;
    case "unconfirmed":
      return flip.why;
    default:
      return unreachable(flip);
  }
};

/** `page`: a rollback was decided and the flag did not follow. Id: `<incident>/page/rollback-failed`. */
export const rollbackFailedNotice = (
  context: NoticeContext,
  cause: RollbackCause,
  { flag, target, shareBefore }: RolledBackFlag,
  flip: Unconfirmed,
): Notice => {
  const why = causeText(context, cause);
  return finishNotice(context, {
    type: "page",
    id: `${scopeOf(context)}/page/rollback-failed`,
    title: `ROLLBACK FAILED: ${context.migration.name} still serves the candidate (${why.headline})`,
    summary: [
      why.sentences,
      `Tried: flag ${flag} (${target}) from ${percent(shareBefore)} to 0%. It did not work: ${flipProblem(flip)}.`,
      `Do now: switch flag ${flag} to the baseline by hand in ${target}. The agent keeps trying.${why.explain}`,
    ],
    facts: [
      ...why.facts,
      ["Flag", `${flag} (${target})`],
      ["Problem", flipProblem(flip)],
      ...modelFacts(context.migration),
    ],
  });
};

/** `pause`: the ramp stops, the share stays. Id: `<scope>/pause/<rule>/<at>`. `share` is the one kept, 0-1. */
export const pauseNotice = (context: NoticeContext, verdict: Verdict, share: number): Notice => {
  const { name } = context.migration;
  const why = evidenceText(context.migration, verdict);
  return finishNotice(context, {
    type: "pause",
    id: `${scopeOf(context)}/pause/${verdict.rule}/${context.at}`,
    title: `Paused ${name}: ${why.headline}`,
    summary: [
      why.sentences,
      `Done: the ramp stopped; the canary keeps ${percent(share)} of the traffic. Rollback rules are judged on.`,
      `A person decides: leeway resume ${name}, or leeway rollback ${name}.`,
      `Evidence: leeway explain ${name} ${verdict.rule}.`,
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
  { topic, title, summary, facts = [] }: { topic: string; title: string; summary: string; facts?: Facts },
): Notice =>
  finishNotice(context, { type: "page", id: `${scopeOf(context)}/page/${topic}`, title, summary: [summary], facts });

/** `stage`: the migration moved. `stage` is the index it stands at now. Id: `<scope>/stage/<stage>/<at>`. */
export const stageNotice = (
  context: NoticeContext,
  { stage, by, reason }: { readonly stage: number; readonly by: string; readonly reason: string },
): Notice => {
  const { name, stages } = context.migration;
  const at = stages[stage];
  const share = at === undefined ? "an unknown share" : percent(shareOfStage(at));
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/stage/${stage}/${context.at}`,
    title: `${name}: stage ${stage + 1} of ${stages.length}, canary ${share}`,
    summary: [`The candidate now gets ${share} of the traffic. By ${by}: ${reason}.`],
    facts: [["Stage", `${stage + 1} of ${stages.length}`], ["Canary share", share], ...modelFacts(context.migration)],
  });
};

/** `stage`: the last stage is over. Its share stays, so that a live baseline remains to compare with. Id: `<scope>/stage/done/<at>`. */
export const doneNotice = (
  context: NoticeContext,
  { by, reason }: { readonly by: string; readonly reason: string },
): Notice => {
  const { name, stages } = context.migration;
  const share = exactPercent(stageShare(context.migration, stages.length));
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/stage/done/${context.at}`,
    title: `${name}: done, the candidate keeps ${share}`,
    summary: [
      `The last of ${stages.length} stages is over; the candidate keeps ${share} of the traffic.`,
      `By ${by}: ${reason}.`,
    ],
    facts: [["Canary share", share]],
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
}): Notice => ({
  id: `test/${at}`,
  at,
  type: "test",
  ...NOTICE_STANDING.test,
  migration: "",
  incident: "",
  title: "Test: this channel works",
  summary: `${by} sent this to see that notices arrive here. Nothing happened to any migration.`,
  facts: [],
  link,
});
