/** How one try to send a batch of spans ended. Nothing is thrown across this seam. */
export type SendOutcome =
  /** Taken; the collector kept all but `rejected` of them. */
  | { readonly outcome: "sent"; readonly rejected: number }
  /** Not taken for a passing reason; wait at least `retryAfterMs` where the collector wished it. */
  | { readonly outcome: "retry"; readonly why: string; readonly retryAfterMs: number | null }
  /** The batch itself is unacceptable (malformed or too large): sending it again is of no use. */
  | { readonly outcome: "refused"; readonly why: string };
