import type { Audience } from "./audience.ts";
import type { Arm } from "./cohort.ts";
import type { DocumentChange } from "./document-change.ts";
import type { Attribution, Finding } from "./finding.ts";
import type { FlagState, FlagWrite } from "./flag.ts";
import type { Identity } from "./identity.ts";
import type { LabelWord } from "./label-word.ts";
import type { ApprovalMeaning, Migration, Route } from "./migration.ts";
import type { Ending, SilenceableType, StoredNotice } from "./notice.ts";
import type { PairWord } from "./pair-word.ts";
import type { Standing } from "./standing.ts";
import type { Decision, Judgement, Verdict } from "./verdict.ts";

/** What a person asked for. */
export type Command = "advance" | "pause" | "resume" | "rollback" | "rearm" | "ack" | "abandon" | "revise";

/** The revision of a document that a person took up, and what it means where the migration stood. Shares are 0-1. */
export interface TakenUp {
  /** What the document is known by from here on; its text is in an entry `document` before. */
  readonly hash: string;
  /** Index of the stage in its plan. */
  readonly stage: number;
  /** What is served from here on: never more than before. */
  readonly share: number;
  /** Share of the stage before; after a rollback that of the moment of its decision. */
  readonly before: number;
  /** True where it is the stage it was, whose time goes on. */
  readonly keepsTime: boolean;
  /** True where every rule is judged anew from here: a rule, `match` or the segments changed. */
  readonly restarts: boolean;
}

/** Calls per arm that started after a moment, read from the spans. Times are epoch ms. */
export interface Exposure {
  /** Calls that started at or after this moment … */
  readonly since: number;
  /** … and ended before this one. */
  readonly until: number;
  readonly canaryCalls: number;
  readonly baselineCalls: number;
  /** Start of the newest canary call since `since`; null = none. */
  readonly lastCanaryStart: number | null;
  /** `service.instance.id` of the processes that still sent canary calls. */
  readonly instances: readonly string[];
}

/**
 * Why there is no proof of a drain in time: calls go on, they come in so late that what was done after the flip cannot be
 * told yet, too few calls, none at all, or no reading of the spans.
 */
export type DrainOverdueReason = "canary-calls" | "late-calls" | "too-little-traffic" | "no-traffic" | "not-measured";

/**
 * How a drill ended. `proven`: the flag was off, and the spans prove that canary calls stopped. `flipped`: the flag was off and
 * was read back, and the drain could not be measured. `failed`: the way back to the baseline does not work. `interrupted`:
 * something real, or the end of the agent, came in between.
 */
export type DrillOutcome = "proven" | "flipped" | "failed" | "interrupted";

/** What the spans said of a drill's drain; `nothing-to-drain` where the flag served no canary before. */
export type DrillDrain = "proven" | "nothing-to-drain" | DrainOverdueReason;

/** One of those whose silence a proof rests on. */
export interface ProvenSender {
  readonly service: string;
  /** `service.instance.id`; empty where its calls carry none. */
  readonly instance: string;
  /** Up to here, by its own clock, every canary call of it would have come in, epoch ms. */
  readonly until: number;
  /** How long nothing at all had come from it by then, ms; 0 = it was still heard of. */
  readonly muteMs: number;
  /** Largest time from a call's end by its own clock to its receipt, ms: what was waited for. */
  readonly mostDelayMs: number;
  /** Its baseline calls since the flip, or since its last canary call after it. */
  readonly baselineCalls: number;
}

/** What was seen, decided and done. Appended, never changed. */
export type LedgerEvent =
  /**
   * The agent took the document up. `stage`: index of the stage it begins with; -1 = before the first, which waits for its
   * approval, or until checks that failed are in order. `share` is what is served there. `approvals`: what they guard; missing =
   * leaving, as in earlier versions.
   */
  | {
      readonly type: "started";
      readonly hash: string;
      readonly stage: number;
      readonly share: number;
      readonly approvals?: ApprovalMeaning;
      /** Why the first stage does not begin at once although nobody has to approve it; left out = nothing. */
      readonly held?: readonly string[];
      /** True where more traffic waits for a drill that is not old; missing = it does not, as in earlier versions. */
      readonly asksDrill?: true;
    }
  /** What this version calls the document of a migration that an earlier one started: the same content, another hash. */
  | { readonly type: "rehashed"; readonly hash: string }
  /**
   * What a document said when it came into force: the revision of that `hash` goes on by it, whatever becomes of the file. It
   * changes nothing. Holds no secret, as documents have none. `file`: where it was found.
   */
  | {
      readonly type: "document";
      readonly hash: string;
      readonly file: string;
      /** At most 64 KiB; null where it was longer. */
      readonly text: string | null;
      /** What the version that wrote it read the text to; null where that was longer than 256 KiB. */
      readonly reading: Migration | null;
    }
  /**
   * Where the migration stands from here on, derived from the entries before it: written when it changes, for those who
   * read the ledger without folding it. It changes nothing. `share`: what the flag should serve, 0-1.
   */
  | { readonly type: "standing"; readonly standing: Standing; readonly stage: number; readonly share: number }
  /** A rule's outcome changed. */
  | { readonly type: "verdict"; readonly verdict: Verdict; readonly tick: number }
  /** The output differs in something; written when a finding first stands. `text`: the finding and its attribution. */
  | { readonly type: "finding"; readonly finding: Finding; readonly attribution: Attribution; readonly text: string }
  /** What is to be done, with the judgement it rests on. */
  | { readonly type: "decision"; readonly decision: Decision; readonly judgement: Judgement | null }
  /**
   * A person's command. `by` of the entry says who. `stage`: index of the stage an advance was given for; at another one
   * it changes nothing. `key`: what the sender calls the request, so that a repeat of it is known. `identity`: how
   * it is known who; missing = it was only said. `revision`: what a command `revise` took up.
   */
  | {
      readonly type: "command";
      readonly command: Command;
      /**
       * Of a rollback: the migration is given up with it. It is a rollback, so that a version which knows no such command holds the
       * canary down as well.
       */
      readonly abandons?: true;
      readonly reason: string;
      readonly stage?: number;
      readonly key?: string;
      readonly identity?: Identity;
      /** Of an advance: the checks of the pre-flight that had failed, a line each; left out = none. */
      readonly despite?: readonly string[];
      readonly revision?: TakenUp;
    }
  /**
   * The document on disk says something else than the one in force (`of`), and waits for a person to take it up. `changes`: the
   * first of what differs, and how many `more` there are. `problem`: why it could not be taken up as of then; empty = it could.
   * `nth`: which time it is that a document waits, from 1. It changes nothing.
   */
  | {
      readonly type: "revision-pending";
      readonly nth: number;
      readonly hash: string;
      readonly of: string;
      readonly file: string;
      readonly changes: readonly DocumentChange[];
      readonly more: number;
      readonly problem: string;
    }
  /** A changed document that people were told of is not there any more, and was not taken up. `file`: where it was. */
  | { readonly type: "revision-gone"; readonly nth: number; readonly hash: string; readonly file: string }
  /**
   * A later stage waits for an approval: the time of `stage`, an index, is up. `hold`: what else keeps it as of then, in words;
   * empty = nothing but the approval. It changes nothing.
   */
  | { readonly type: "approval-due"; readonly stage: number; readonly hold: string }
  /** An approver's word on going on from `stage`, which was not enough: under four eyes it takes another's as well. */
  | { readonly type: "approval"; readonly stage: number; readonly reason: string }
  /** An approver's word on taking the document of that `hash` up, which was not enough: under four eyes it takes another's as well. */
  | { readonly type: "revision-approval"; readonly hash: string; readonly reason: string }
  /**
   * A flag write is about to be sent. `fallback`, here and in the two below: the fallback of the route that it is about;
   * missing = the route's own flag. `audience`: whom the share is for; missing = everybody. `before`: what a fallback served, 0-1; missing = it could not be read.
   */
  | {
      readonly type: "flip-intent";
      readonly action: string;
      readonly flag: string;
      readonly target: string;
      readonly share: number;
      readonly audience?: Audience;
      readonly fallback?: Route;
      readonly before?: number;
    }
  /** How the write ended. */
  | { readonly type: "flip-result"; readonly action: string; readonly write: FlagWrite; readonly fallback?: Route }
  /** What the flag system answered when read back. */
  | {
      readonly type: "flip-readback";
      readonly action: string;
      readonly state: FlagState;
      readonly confirmed: boolean;
      readonly fallback?: Route;
    }
  /** The spans prove that canary calls stopped. `probability`: the chance of such spans without a drain. */
  | {
      readonly type: "drain-proven";
      readonly exposure: Exposure;
      readonly lastCanaryStart: number | null;
      readonly probability: number;
      readonly flippedAt: number;
      /** Missing in what earlier versions wrote. */
      readonly senders?: readonly ProvenSender[];
    }
  /** They did not stop in time: NOT ROLLED BACK. The exposure is null when the spans could not be read. */
  | {
      readonly type: "drain-overdue";
      readonly reason: DrainOverdueReason;
      readonly exposure: Exposure | null;
      readonly flippedAt: number;
    }
  /** Canary calls that started after the proof: NOT ROLLED BACK any more. `since` of the exposure is where the proof ended. */
  | { readonly type: "drain-reopened"; readonly exposure: Exposure }
  /**
   * A model of the migration is retired within so many days, or is (0): a mark that people are told of. `retires`: the day, UTC;
   * `source`: who says so.
   */
  | {
      readonly type: "retirement";
      readonly model: string;
      readonly arms: readonly Arm[];
      readonly retires: string;
      readonly source: string;
      readonly daysLeft: number;
      readonly withinDays: number;
    }
  /**
   * A person began a drill: a rollback on a breach that was made up, undone at its end. `drill` names it within the migration.
   * `rule`: the one whose breach was made up; empty where no rule rolls back. `share`: what the flag served, 0-1. `until`:
   * when it is over at the latest, epoch ms. `owner` is the id of the agent's run that carries it out.
   */
  | {
      readonly type: "drill-started";
      readonly drill: string;
      readonly reason: string;
      readonly rule: string;
      readonly share: number;
      readonly until: number;
      readonly owner: string;
      readonly key?: string;
    }
  /** What the spans said of its drain, or why they could not. `probability`: the chance of such spans without a drain. */
  | {
      readonly type: "drill-drained";
      readonly drill: string;
      readonly drain: DrillDrain;
      readonly exposure: Exposure | null;
      readonly probability: number | null;
      readonly flippedAt: number;
    }
  /** The flag is to serve the stage's share again from here on. `why` is one line; empty where nothing is to be said. */
  | { readonly type: "drill-ended"; readonly drill: string; readonly outcome: DrillOutcome; readonly why: string }
  /**
   * The flag serves the stage's share again, 0-1; null = what somebody else set meanwhile, and it is left so. `settledAt`: from
   * when on apps go by it, epoch ms.
   */
  | {
      readonly type: "drill-restored";
      readonly drill: string;
      readonly share: number | null;
      readonly settledAt: number;
    }
  /**
   * A person's word on differences of shadow answers that are alike: what they are. `segment`: in that one alone; empty = in all of
   * them. The newest word on a cluster counts. It changes nothing of where the migration stands.
   */
  | {
      readonly type: "triaged";
      readonly cluster: string;
      readonly segment: string;
      readonly as: PairWord;
      readonly reason: string;
      readonly identity?: Identity;
    }
  /**
   * What a person said who read both answers of a pair without knowing which is whose, and which of them was shown first. It
   * changes nothing of where the migration stands.
   */
  | {
      readonly type: "labelled";
      readonly pair: string;
      readonly word: LabelWord;
      readonly first: "candidate" | "baseline";
      readonly identity?: Identity;
    }
  /** A notice is to be delivered through the named channels. */
  | {
      readonly type: "notice";
      readonly notice: StoredNotice;
      readonly channels: readonly string[];
      /** Channels in which it waits for others or for the morning: not before, epoch ms. Left out = in none. */
      readonly holds?: Readonly<Record<string, number>>;
    }
  /**
   * An agent is about to make a try through one channel. `owner` is the id of its run. Of several agents the one whose
   * claim of an id is stored first makes it; `turn` counts from 1 and grows when an owner fell silent.
   */
  | {
      readonly type: "claim";
      readonly notice: string;
      readonly channel: string;
      readonly attempt: number;
      readonly turn: number;
      readonly owner: string;
    }
  /**
   * People are not to be told for a while of what is said of `subject`, a pattern of names; `types`: of these only, empty = of all
   * that can be silenced. `until`: epoch ms.
   */
  | {
      readonly type: "silence";
      readonly silence: string;
      readonly subject: string;
      readonly types: readonly SilenceableType[];
      readonly until: number;
      readonly reason: string;
    }
  /** A silence is over before its time. */
  | { readonly type: "silence-ended"; readonly silence: string; readonly reason: string }
  /** How one try through one channel ended. */
  | {
      readonly type: "delivery";
      readonly notice: string;
      readonly channel: string;
      readonly attempt: number;
      readonly delivery: Ending;
    };

/** One line of the decision ledger. */
export interface LedgerEntry {
  /** Deterministic: the same fact always has the same id, so that repeating an append changes nothing. */
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly migration: string;
  /** Who: `agent`, or a person. */
  readonly by: string;
  /** Groups the entries of one incident; empty outside one. */
  readonly incident: string;
  readonly event: LedgerEvent;
}
