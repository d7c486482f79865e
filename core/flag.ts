import type { Audience } from "./audience.ts";

/** What a flag system says about the flag that routes a migration's traffic. */
export interface FlagState {
  readonly flag: string;
  /** Canary share the flag serves, 0-1. 0 when it is off. */
  readonly share: number;
  /** Whom the share is for; everybody else gets the baseline. Left out = everybody, and where the share is 0. */
  readonly audience?: Audience;
  readonly enabled: boolean;
  /** The flag system's own version of the flag; changes with every write. */
  readonly revision: string;
}

/** How a write to a flag system ended. Expected failures are values, not exceptions. */
export type FlagWrite =
  | { readonly outcome: "written"; readonly state: FlagState }
  | { readonly outcome: "unchanged"; readonly state: FlagState }
  | {
      readonly outcome: "failed";
      readonly why:
        | "conflict"
        | "auth"
        | "not-found"
        | "rate-limited"
        | "transient"
        | "permanent"
        | "approval-required";
      readonly detail: string;
      /** Wait at least this long before the next try; null = no wish. */
      readonly retryAfterMs: number | null;
    };

/** How a flip ended. Only `confirmed` means that the flag system itself says so. */
export type FlipResult =
  | {
      readonly outcome: "confirmed";
      readonly state: FlagState;
      /** When the write was answered, epoch ms; with `wrote: false` the flag was there already. */
      readonly flippedAt: number;
      readonly wrote: boolean;
    }
  | {
      /** The write was taken, but the flag reads otherwise. */
      readonly outcome: "unconfirmed";
      /** What was read last; null when nothing could be read. */
      readonly state: FlagState | null;
      readonly why: string;
      readonly flippedAt: number;
    }
  | {
      /**
       * Nothing was written. `ledger`: raising exposure needs a record, and the ledger did not take it. `superseded`:
       * something else was decided while the ledger was waited for.
       */
      readonly outcome: "failed";
      readonly why: Extract<FlagWrite, { readonly outcome: "failed" }>["why"] | "ledger" | "superseded";
      readonly detail: string;
      readonly retryAfterMs: number | null;
    };
