import type { Rule } from "../../core/migration.ts";
import type { RuleDetector } from "../rule-detector.ts";
import { verdictOf } from "../verdict-of.ts";

/**
 * A rule's judge whose exceptions concern that rule alone: from the first one on the rule is undecided,
 * `detector-failed`, and the others are judged on. The same ticks fail in the same way, so a replay agrees. The detail
 * names the kind of the exception only: its message may quote production text.
 */
export const guardDetector = (rule: Rule, threshold: number, create: () => RuleDetector): RuleDetector => {
  let detector: RuleDetector | null = null;
  let failure: string | null = null;
  const attempt = <T>(what: string, work: (detector: RuleDetector) => T): T | null => {
    if (failure !== null) return null;
    try {
      detector ??= create();
      return work(detector);
    } catch (error) {
      failure = `${error instanceof Error ? error.name : "an exception"} ${what}`;
      return null;
    }
  };
  return {
    learn: (tick, views) => void attempt("in what the baseline did before", (each) => each.learn?.(tick, views)),
    step: (tick, views, beginning) =>
      void attempt(`in the tick that ended at ${new Date(tick.to).toISOString()}`, (each) =>
        each.step(tick, views, beginning),
      ),
    verdict: (detail) =>
      attempt("while its verdict was formed", (each) => each.verdict(detail)) ?? {
        ...verdictOf(rule, { threshold, hasSegments: false }, [], detail),
        outcome: "undecided",
        why: "detector-failed",
        ...(failure === null ? {} : { detail: failure }),
      },
    report: () => attempt("while its findings were told", (each) => each.report?.() ?? null),
  };
};
