import type { Route } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import type { RollbackCause } from "../lifecycle/news.ts";
import { causeText } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/**
 * `page`: the route's own flag did not follow, and a fallback was tried. Id:
 * `<incident>/page/fallback/<target>/<flag>/<down or failed>`.
 */
export const fellBackNotice = (
  context: NoticeContext,
  {
    cause,
    fallback: { target, flag },
    isDown,
    problem,
  }: {
    readonly cause: RollbackCause;
    readonly fallback: Route;
    readonly isDown: boolean;
    readonly problem: string;
  },
): Notice => {
  const why = causeText(context, cause);
  const { name, route } = context.migration;
  const [own, other] = [`${route.flag} (${route.target})`, `${flag} (${target})`];
  return finishNotice(context, {
    type: "page",
    isUrgent: true,
    // The rollback that failed opened the incident.
    phase: "update",
    id: `${scopeOf(context)}/page/fallback/${target}/${flag}/${isDown ? "down" : "failed"}`,
    title: isDown
      ? `NOT ROLLED BACK: ${name}: flag ${own} does not follow; fallback ${other} is switched off, nothing is proven yet`
      : `NOT ROLLED BACK: ${name}: neither flag ${own} nor fallback ${other} follows`,
    summary: [`Flag ${own} could not be set to the baseline in time.`, `Why: ${why.happened}`],
    done: [
      isDown
        ? `Fallback ${other} was set to 0% and was read back.`
        : `Tried: fallback ${other}. It did not work: ${problem}.`,
    ],
    proof: ["Whether canary calls stop is watched in the spans; a message says when it is proven, or pages if not."],
    next: [
      `Do now: switch flag ${own} to the baseline by hand. The agent keeps trying it, and what else it can fall back to.`,
      ...(isDown ? [`Fallback ${other} becomes what it was when a person runs: leeway rearm ${name}.`] : []),
    ],
    facts: [["Flag", own], ["Fallback", other], ...(isDown ? [] : [["Problem", problem] as const]), ...why.facts],
  });
};
