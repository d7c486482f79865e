import { otherwise } from "../core/exhaustive.ts";
import type { FlagWrite } from "../core/flag.ts";
import type { LabelWord } from "../core/label-word.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { type Route, shortHash } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { utcClock } from "../core/utc-text.ts";
import type { Decision } from "../core/verdict.ts";
import { stageName } from "../lifecycle/approvals.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";

const NEWER = "something that a newer version of Leeway knows";

const describeDecision = (decision: Decision): string => {
  switch (decision.kind) {
    case "continue":
      return "decided to continue";
    case "advance":
      return `decided to advance to stage ${decision.toStage + 1}: ${decision.reason}`;
    case "rollback":
      return `decided to roll back: ${decision.reason}`;
    case "pause":
      return `decided to pause: ${decision.reason}`;
    case "page":
      return `${decision.over === undefined ? "decided to page" : "told that it is over"}: ${decision.reason}`;
    default:
      return otherwise(decision, `decided ${NEWER}`);
  }
};

const describeWrite = (write: FlagWrite): string => {
  switch (write.outcome) {
    case "failed":
      return `the flag write failed (${write.why}): ${write.detail}`;
    case "written":
    case "unchanged":
      return `the flag was ${write.outcome}, now ${exposureText(write.state)}`;
    default:
      return otherwise(write, `the flag write ended in ${NEWER}`);
  }
};

const aboutFallback = ({ fallback }: { readonly fallback?: Route }): string =>
  fallback === undefined ? "" : `fallback ${fallback.flag} (${fallback.target}): `;

const LABEL_TEXT: Readonly<Record<LabelWord, string>> = {
  "prefers-candidate": "the candidate's answer is better",
  "prefers-baseline": "the baseline's answer is better",
  tie: "neither answer is better",
  unsure: "cannot say",
  skipped: "skipped",
};

/** One line of the ledger in words. */
export const describeEntry = ({ event }: LedgerEntry): string => {
  switch (event.type) {
    case "started":
      return `started with document ${shortHash(event.hash, 12)} at ${exactPercent(event.share)}${event.held === undefined ? "" : `; its first stage is held: ${event.held.join("; ")}`}`;
    case "rehashed":
      return `goes on with the same document, which this version calls ${shortHash(event.hash, 12)}`;
    case "document":
      return `put document ${shortHash(event.hash, 12)} of ${event.file} on record`;
    case "standing":
      return `stands at stage ${event.stage + 1}: ${event.standing.replaceAll("-", " ")}, canary ${exactPercent(event.share)}`;
    case "verdict": {
      const { rule, outcome } = event.verdict;
      return `${rule} is ${outcome}${event.verdict.outcome === "undecided" ? ` (${event.verdict.why})` : ""}`;
    }
    case "finding":
      return `found ${event.text}`;
    case "decision":
      return describeDecision(event.decision);
    case "command": {
      const from = event.stage === undefined ? "" : ` from stage ${event.stage + 1}`;
      if (event.revision !== undefined) {
        const { hash, stage, restarts } = event.revision;
        const judged = restarts ? "everything is judged anew" : "what was judged stands";
        return `took up document ${shortHash(hash, 12)} at stage ${stage + 1}, ${judged}: ${event.reason}`;
      }
      const despite = event.despite === undefined ? "" : `, although ${event.despite.join("; and ")}`;
      return `asked to ${event.abandons ? "abandon" : event.command}${from}: ${event.reason}${despite}`;
    }
    case "approval":
      return `approved going on from ${stageName(event.stage)}, one of two: ${event.reason}`;
    case "revision-approval":
      return `approved taking up document ${shortHash(event.hash, 12)}, one of two: ${event.reason}`;
    case "labelled":
      return `read pair ${shortHash(event.pair, 12)} blind: ${LABEL_TEXT[event.word]}`;
    case "triaged":
      return `called the differences ${event.cluster}${event.segment === "" ? "" : ` of ${event.segment}`} ${event.as === "neutral" ? "accepted" : `a${event.as === "improvement" ? "n" : ""} ${event.as}`}: ${event.reason}`;
    case "flip-intent":
      return `${aboutFallback(event)}is setting ${event.flag} on ${event.target} to ${exposureText(event)}`;
    case "flip-result":
      return `${aboutFallback(event)}${describeWrite(event.write)}`;
    case "flip-readback":
      return `${aboutFallback(event)}read back ${exposureText(event.state)}: ${event.confirmed ? "confirmed" : "NOT as written"}`;
    case "drain-proven":
      return `drain proven: ${event.exposure.baselineCalls} baseline calls and no canary call since ${utcClock(event.exposure.since)} UTC`;
    case "drain-reopened":
      return `NOT ROLLED BACK any more: ${event.exposure.canaryCalls} canary calls since the proof, from ${event.exposure.instances.join(", ") || "unknown instances"}`;
    case "drain-overdue":
      return `NOT ROLLED BACK: no drain in time (${event.reason}); ${event.exposure?.canaryCalls ?? "unknown"} canary calls since the flip`;
    case "retirement": {
      const when = event.daysLeft <= 0 ? "is retired since" : `is retired in ${event.daysLeft} days, on`;
      return `${event.model} ${when} ${event.retires} (${event.source})`;
    }
    case "revision-pending": {
      const changes = event.changes.map(({ effect, text }) => `${effect}: ${text}`).join("; ");
      const more = event.more === 0 ? "" : `; and ${event.more} more`;
      return `found ${event.file} changed to document ${shortHash(event.hash, 12)}, which waits for leeway revise (${changes}${more})`;
    }
    case "revision-gone":
      return `document ${shortHash(event.hash, 12)} is not in ${event.file} any more, and was not taken up`;
    case "approval-due":
      return `waits for an approval to go on from ${stageName(event.stage)}${event.hold === "" ? "" : `; also: ${event.hold}`}`;
    case "drill-started":
      return `DRILL: asked for one: ${event.reason}${event.rule === "" ? "" : `; it stands for a breach of ${event.rule}`}`;
    case "drill-drained":
      return `DRILL: drain ${event.drain.replaceAll("-", " ")}`;
    case "drill-ended":
      return `DRILL ended: ${event.outcome}${event.why === "" ? "" : `; ${event.why}`}`;
    case "drill-restored":
      return `DRILL: the flag serves ${event.share === null ? "what somebody else set" : `${exactPercent(event.share)} again`}`;
    case "notice":
      return `notice ${event.notice.type} for ${event.channels.join(", ") || "no channel"}: ${event.notice.title}`;
    case "claim":
      return `${event.channel}: try ${event.attempt} claimed by run ${event.owner.slice(0, 8)}`;
    case "silence":
      return `silenced ${event.subject}${event.types.length === 0 ? "" : ` (${event.types.join(", ")})`} until ${utcClock(event.until)} UTC: ${event.reason}`;
    case "silence-ended":
      return `ended silence ${event.silence}: ${event.reason}`;
    case "delivery":
      return `${event.channel}: ${event.delivery.outcome} (try ${event.attempt}; ${event.delivery.detail})`;
    default:
      return otherwise(event, NEWER);
  }
};

/** False for what a newer version wrote and this one does not know. */
export const isKnownEvent = (event: LedgerEntry["event"]): boolean =>
  describeEntry({ id: "", at: 0, migration: "", by: "", incident: "", event }) !== NEWER;
