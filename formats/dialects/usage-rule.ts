import type { UsageConvention } from "../usage/usage-convention.ts";
import type { Attributes } from "./read/attributes.ts";

/** What of a span tells how its sender counts tokens. */
export interface CountingSpan {
  /** Name of the instrumentation scope; empty without one. */
  readonly scope: string;
  readonly attributes: Pick<Attributes, "get" | "has">;
}

/** How some senders of a dialect count tokens. */
export interface UsageRule {
  /** Who counts so, and since when or until when; shown to people. */
  readonly sender: string;
  readonly isFor: (span: CountingSpan) => boolean;
  readonly convention: UsageConvention;
}
