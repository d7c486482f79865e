import { unreachable } from "../core/exhaustive.ts";
import type { FlipResult } from "../core/flag.ts";
import type { Notice } from "../core/notice.ts";
import { percent } from "../core/percent.ts";
import { utcSecond } from "../core/utc-text.ts";
import type { RollbackCause } from "../lifecycle/news.ts";
import { causeHint, causeText, evidenceHint, modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/** The flag the rollback acted on, and what it served before. */
export interface RolledBackFlag {
  readonly flag: string;
  readonly target: string;
  /** Canary share before, 0-1. */
  readonly shareBefore: number;
}

type Confirmed = Extract<FlipResult, { readonly outcome: "confirmed" }>;
type Unconfirmed = Exclude<FlipResult, Confirmed>;

/** `rollback`: the flag system itself confirms that the canary is off. Id: `<incident>/rollback`. */
export const rollbackNotice = (
  context: NoticeContext,
  cause: RollbackCause,
  { flag, target, shareBefore }: RolledBackFlag,
  flip: Confirmed,
): Notice => {
  const { name, baseline } = context.migration;
  const why = causeText(context, cause);
  const done = flip.wrote ? `went from ${percent(shareBefore)} to` : "was already at";
  return finishNotice(context, {
    ...{ type: "rollback", isUrgent: true, id: `${scopeOf(context)}/rollback`, ...why.where },
    title: `Rolled back ${name}: ${why.headline}`,
    summary: [why.happened],
    done: [
      `Flag ${flag} (${target}) ${done} ${percent(flip.state.share)} canary at ${utcSecond(flip.flippedAt)} UTC and was read back.`,
      `New calls go to ${baseline.model}.`,
    ],
    proof: [
      why.proof,
      "That canary calls stopped, not yet: the spans are watched, and a second message says that it is proven, or NOT ROLLED BACK.",
    ],
    next: [
      "Nothing yet: wait for that second message.",
      causeHint(why.explain),
      `The canary stays off until a person runs \`leeway rearm ${name}\`.`,
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
  const { name, candidate } = context.migration;
  return finishNotice(context, {
    ...{ type: "page", isUrgent: true, id: `${scopeOf(context)}/page/rollback-failed`, ...why.where },
    title: `ROLLBACK FAILED: ${name} still serves the candidate (${why.headline})`,
    summary: [why.happened],
    done: [
      `Tried to set flag ${flag} (${target}) from ${percent(shareBefore)} to 0%.`,
      `It did not work: ${flipProblem(flip)}. The agent keeps trying.`,
    ],
    proof: [why.proof, `That users are off ${candidate.model}, no: expect that they still get it.`],
    next: [
      `Switch flag ${flag} to the baseline by hand in ${target}, now.`,
      "Then see why the agent could not: its token, its address, or a change that waits for an approval there.",
      evidenceHint(why.explain),
    ],
    facts: [
      ...why.facts,
      ["Flag", `${flag} (${target})`],
      ["Problem", flipProblem(flip)],
      ...modelFacts(context.migration),
    ],
  });
};
