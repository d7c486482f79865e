import type { Notice, NoticeType } from "../core/notice.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Explanation } from "../status/explanation.ts";
import type { StatusView } from "../status/status-page.ts";
import type { ShadowAct } from "./stay-in-shadow.ts";

/** What one run of the demo saw. Times are epoch ms. */
export interface DemoReport {
  readonly outcome: "rolled-back" | "healthy" | "false-alarm" | "stopped-in-shadow";
  readonly shadow: ShadowAct;
  readonly rollback: {
    /** End of the first candidate call that failed after it turned bad, as the provider saw it. */
    readonly onset: number;
    readonly decidedAt: number;
    readonly flippedAt: number;
    /** Start of the last canary call after the flip, from the spans; null = there was none. */
    readonly lastCanaryStart: number | null;
    readonly provenAt: number;
    /** Candidate calls the provider took between onset and decision. */
    readonly canaryCallsToDecision: number;
    /** Candidate calls the provider took after the proof. */
    readonly canaryCallsAfterDrain: number;
    readonly verdict: Verdict | null;
  } | null;
  /** What the receivers took in after checking signature and shape. Slack messages carry no type and no id. */
  readonly notifications: readonly {
    readonly channel: string;
    readonly type: NoticeType | null;
    readonly title: string;
    readonly id: string | null;
    readonly verified: true;
  }[];
  readonly refusedNotices: number;
  /** The notice of the rollback as the webhook got it; null when none came. */
  readonly message: Pick<Notice, "title" | "summary"> | null;
  readonly status: StatusView;
  readonly explanation: Explanation;
}

/** The demo's JSON document; every number was measured in the run. */
export interface DemoDocument {
  readonly schema: "leeway.demo/1";
  readonly outcome: DemoReport["outcome"];
  readonly detection: {
    readonly rule: string;
    readonly calls: number;
    readonly log_e: number;
    readonly threshold: number;
  } | null;
  readonly seconds: {
    readonly onsetToDecision: number;
    readonly decisionToFlip: number;
    /** To the last canary call that started after the flip; 0 when none did. */
    readonly flipToDrain: number;
    readonly flipToProof: number;
  } | null;
  /** What the shadow came to: pairs in all, and regressions among them. */
  readonly shadow: { readonly outcome: ShadowAct["outcome"]; readonly pairs: number; readonly regressions: number };
  readonly canaryCallsAfterDrain: number | null;
  readonly notifications: DemoReport["notifications"];
  readonly refusedNotices: number;
}

const seconds = (from: number, to: number): number => Math.round(to - from) / 1000;

/** The document of one run. */
export const report = ({ outcome, rollback, shadow, notifications, refusedNotices }: DemoReport): DemoDocument => ({
  schema: "leeway.demo/1",
  outcome,
  detection:
    rollback === null || rollback.verdict === null
      ? null
      : {
          rule: rollback.verdict.rule,
          calls: rollback.canaryCallsToDecision,
          log_e: rollback.verdict.evidence.logE,
          threshold: rollback.verdict.evidence.threshold,
        },
  seconds:
    rollback === null
      ? null
      : {
          onsetToDecision: seconds(rollback.onset, rollback.decidedAt),
          decisionToFlip: seconds(rollback.decidedAt, rollback.flippedAt),
          flipToDrain: seconds(rollback.flippedAt, rollback.lastCanaryStart ?? rollback.flippedAt),
          flipToProof: seconds(rollback.flippedAt, rollback.provenAt),
        },
  shadow: {
    outcome: shadow.outcome,
    pairs: shadow.pairs.segments[0]?.pairs ?? 0,
    regressions: shadow.pairs.segments[0]?.classes.regression ?? 0,
  },
  canaryCallsAfterDrain: rollback?.canaryCallsAfterDrain ?? null,
  notifications,
  refusedNotices,
});
