import { membersOf } from "./exhaustive.ts";
import type { DoubtReason, UndecidedReason } from "./verdict.ts";

/** What an undecided rule means, and what a person can do about it: one plain sentence each. */
export interface ReasonText {
  readonly meaning: string;
  readonly advice: string;
  /** True where waiting is all that is needed: more calls settle it. */
  readonly passes: boolean;
}

/** The words for every reason; docs/statistics.md has the same table. */
export const UNDECIDED_REASONS: Readonly<Record<UndecidedReason, ReasonText>> = {
  "no-data": {
    meaning: "no call of one of the arms carried the signal",
    advice: "see that the app sends what the rule is about, or take the rule out of the next migration",
    passes: false,
  },
  "too-few": {
    meaning: "too few calls to judge yet",
    advice: "wait for more calls",
    passes: true,
  },
  "baseline-warming-up": {
    meaning: "the baseline needs more calls first",
    advice: "wait for more baseline calls",
    passes: true,
  },
  "not-proven": {
    meaning: "neither breach nor clear is proven yet",
    advice: "wait for more calls; leeway check says how many a rule needs",
    passes: true,
  },
  "baseline-ill-too": {
    meaning: "both arms are beyond the limit: not the candidate alone",
    advice: "look at the provider and at what both arms share; a rollback would not help",
    passes: false,
  },
  "sample-ratio-mismatch": {
    meaning: "the canary's share of users or conversations is not the configured one",
    advice:
      "see what the flag system really serves, and whether one arm's spans are lost or its calls take another way",
    passes: false,
  },
  "no-baseline": {
    meaning: "there are no baseline calls to compare with",
    advice:
      "see why the baseline's calls stopped; a stage of 100% has none, and only absolute limits are judged in it: let the last stage be 99%",
    passes: false,
  },
  "ingest-lag": {
    meaning: "the newest calls come in late, or not at all",
    advice: "look at the apps' exporters, at what lies between them and the agent, and at the apps' clocks",
    passes: false,
  },
  "clock-stepped": {
    meaning: "the clock of the agent's machine was set while it judged",
    advice: "see that the machine keeps its time (NTP); the agent goes on by the time that passed meanwhile",
    passes: false,
  },
  "sender-clocks": {
    meaning: "calls come from machines whose clocks are wrong",
    advice: "see that the apps' machines keep their time (NTP); leeway status names them",
    passes: false,
  },
  "incomplete-spans": {
    meaning: "calls were made whose spans never arrived",
    advice: "find the processes that lose spans on the status page; lost calls are rarely the good ones",
    passes: false,
  },
  "calls-of-no-arm": {
    meaning: "calls of the service fit neither arm, and no rule judges them",
    advice:
      "compare what they come from with the document (a prompt that was edited, a model that was renamed); another use of the service needs a service or operation of its own in match",
    passes: false,
  },
  "missing-values": {
    meaning: "a signal is known of much of one arm's calls and of little of the other's",
    advice:
      "see what tells it in one arm only (streams without usage, another client, a model without a price); calls that tell it are rarely like those that do not",
    passes: false,
  },
  "other-configuration": {
    meaning: "calls of an arm come from another model or prompt than the document names for it",
    advice:
      "see what the apps really call in that arm (a line that was forgotten, a fallback, another prompt version); its history begins anew when that ends",
    passes: false,
  },
  "response-model-changed": {
    meaning: "another model, or another build of it, answers under the same name; that arm's history began anew",
    advice: "see whether the provider announced it, and pin the model's version if that can be done",
    passes: false,
  },
  "detector-failed": {
    meaning: "judging failed: a bug of Leeway's",
    advice: "report it with the agent's log; until then watch what the rule is about yourself",
    passes: false,
  },
};

/** The words for a reason, also for one that only a newer version knows: ledgers and agents may be of another version. */
export const reasonText = (reason: UndecidedReason): ReasonText =>
  UNDECIDED_REASONS[reason] ?? {
    meaning: reason.replaceAll("-", " "),
    advice: "a newer version of Leeway wrote it and knows what to do",
    passes: false,
  };

/** Doubts, the weightiest first: a rule shows the first of those that hold. */
export const DOUBT_ORDER: readonly DoubtReason[] = membersOf<DoubtReason>({
  "detector-failed": true,
  "sample-ratio-mismatch": true,
  "no-baseline": true,
  "incomplete-spans": true,
  "other-configuration": true,
  "missing-values": true,
  "calls-of-no-arm": true,
  "response-model-changed": true,
  "clock-stepped": true,
  "sender-clocks": true,
  "ingest-lag": true,
});

/** True for a reason that speaks about the data as a whole, and not about one rule. */
export const isDoubtReason = (reason: UndecidedReason): reason is DoubtReason =>
  DOUBT_ORDER.some((doubt) => doubt === reason);
