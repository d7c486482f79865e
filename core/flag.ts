/** What a flag system says about the flag that routes a migration's traffic. */
export interface FlagState {
  readonly flag: string;
  /** Canary share the flag serves, 0-1. 0 when it is off. */
  readonly share: number;
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
