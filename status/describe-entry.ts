import { otherwise } from "../core/exhaustive.ts";
import type { FlagWrite } from "../core/flag.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { shortHash } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { utcClock } from "../core/utc-text.ts";
import type { Decision } from "../core/verdict.ts";

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
      return `decided to page: ${decision.reason}`;
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
      return `the flag was ${write.outcome}, now ${exactPercent(write.state.share)}`;
    default:
      return otherwise(write, `the flag write ended in ${NEWER}`);
  }
};

/** One line of the ledger in words. */
export const describeEntry = ({ event }: LedgerEntry): string => {
  switch (event.type) {
    case "started":
      return `started with document ${shortHash(event.hash, 12)} at ${exactPercent(event.share)}`;
    case "rehashed":
      return `goes on with the same document, which this version calls ${shortHash(event.hash, 12)}`;
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
      return `asked to ${event.command}${from}: ${event.reason}`;
    }
    case "flip-intent":
      return `is setting ${event.flag} on ${event.target} to ${exactPercent(event.share)}`;
    case "flip-result":
      return describeWrite(event.write);
    case "flip-readback":
      return `read back ${exactPercent(event.state.share)}: ${event.confirmed ? "confirmed" : "NOT as written"}`;
    case "drain-proven":
      return `drain proven: ${event.exposure.baselineCalls} baseline calls and no canary call since ${utcClock(event.exposure.since)} UTC`;
    case "drain-reopened":
      return `NOT ROLLED BACK any more: ${event.exposure.canaryCalls} canary calls since the proof, from ${event.exposure.instances.join(", ") || "unknown instances"}`;
    case "drain-overdue":
      return `NOT ROLLED BACK: no drain in time (${event.reason}); ${event.exposure?.canaryCalls ?? "unknown"} canary calls since the flip`;
    case "notice":
      return `notice ${event.notice.type} for ${event.channels.join(", ") || "no channel"}: ${event.notice.title}`;
    case "claim":
      return `${event.channel}: try ${event.attempt} claimed by run ${event.owner.slice(0, 8)}`;
    case "delivery":
      return `${event.channel}: ${event.delivery.outcome} (try ${event.attempt}; ${event.delivery.detail})`;
    default:
      return otherwise(event, NEWER);
  }
};
