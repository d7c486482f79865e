import type { Attribution, Finding } from "./finding.ts";
import type { FlagState, FlagWrite } from "./flag.ts";
import type { Delivery, StoredNotice } from "./notice.ts";
import type { Standing } from "./standing.ts";
import type { Decision, Judgement, Verdict } from "./verdict.ts";

/** What a person asked for. */
export type Command = "advance" | "pause" | "resume" | "rollback" | "rearm";

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

/** Why there is no proof of a drain in time: calls go on, too few calls, none at all, or no reading of the spans. */
export type DrainOverdueReason = "canary-calls" | "too-little-traffic" | "no-traffic" | "not-measured";

/** What was seen, decided and done. Appended, never changed. */
export type LedgerEvent =
  /** The agent took the document up. `share` is the first stage's. */
  | { readonly type: "started"; readonly hash: string; readonly stage: number; readonly share: number }
  /** What this version calls the document of a migration that an earlier one started: the same content, another hash. */
  | { readonly type: "rehashed"; readonly hash: string }
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
   * it changes nothing. `key`: what the sender calls the request, so that a repeat of it is known.
   */
  | {
      readonly type: "command";
      readonly command: Command;
      readonly reason: string;
      readonly stage?: number;
      readonly key?: string;
    }
  /** A flag write is about to be sent. */
  | {
      readonly type: "flip-intent";
      readonly action: string;
      readonly flag: string;
      readonly target: string;
      readonly share: number;
    }
  /** How the write ended. */
  | { readonly type: "flip-result"; readonly action: string; readonly write: FlagWrite }
  /** What the flag system answered when read back. */
  | { readonly type: "flip-readback"; readonly action: string; readonly state: FlagState; readonly confirmed: boolean }
  /** The spans prove that canary calls stopped. `probability`: the chance of such spans without a drain. */
  | {
      readonly type: "drain-proven";
      readonly exposure: Exposure;
      readonly lastCanaryStart: number | null;
      readonly probability: number;
      readonly flippedAt: number;
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
  /** A notice is to be delivered through the named channels. */
  | { readonly type: "notice"; readonly notice: StoredNotice; readonly channels: readonly string[] }
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
  /** How one try through one channel ended. */
  | {
      readonly type: "delivery";
      readonly notice: string;
      readonly channel: string;
      readonly attempt: number;
      readonly delivery: Delivery;
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
