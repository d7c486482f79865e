/** What a check says of an answer. `broken`: it could not be said. `why` holds nothing of the answer. */
export type Outcome =
  | { readonly is: "passed" }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "broken"; readonly why: string };

/** It holds. */
export const PASSED: Outcome = { is: "passed" };

/** It holds, or fails for `why`. */
export const holds = (does: boolean, why: string): Outcome => (does ? PASSED : { is: "failed", why });

/** It cannot be said. */
export const broken = (why: string): Outcome => ({ is: "broken", why });
