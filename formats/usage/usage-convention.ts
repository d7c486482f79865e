/** Whether a part of a count is counted within it, apart from it, or either. */
export type Counted = "within" | "apart" | "unsaid";

/** How a sender counts tokens. */
export interface UsageConvention {
  /** Cached tokens, read and written, and the input. */
  readonly cache: Counted;
  /** Reasoning tokens and the output. */
  readonly reasoning: Counted;
  /**
   * What the total is the sum of: of `everything`, so that it proves what is counted where; or of `both`, the input and the
   * output as they are reported, so that it proves nothing.
   */
  readonly total: "everything" | "both";
  /** What a total that is larger than all that is reported has beyond it: output that is not shown, or nobody knows. */
  readonly beyond: "output" | "unknown";
}

/** Of a sender that nothing is known of. */
const UNSAID: UsageConvention = { cache: "unsaid", reasoning: "unsaid", total: "everything", beyond: "output" };

/** The same of a model that does not hide thoughts: what its total has beyond may be cached input. */
const UNSAID_CACHE: UsageConvention = { ...UNSAID, beyond: "unknown" };

/** How a sender counts of whom nothing is known but its model, or its provider: the numbers have to tell. */
export const unsaidFor = (model: string): UsageConvention => (/claude|anthropic/i.test(model) ? UNSAID_CACHE : UNSAID);

/** The GenAI conventions, and who counts like them: parts are within. */
export const ALL_WITHIN: UsageConvention = {
  ...{ cache: "within", reasoning: "within", total: "everything", beyond: "unknown" },
};

/** Google's APIs: thoughts are counted apart from the answer; the total, which has them, may show more than is said of them. */
export const THOUGHTS_APART: UsageConvention = {
  ...{ cache: "within", reasoning: "apart", total: "everything", beyond: "output" },
};

/** Anthropic's API, and Bedrock's Converse: the input leaves out what was read from or written to the cache. */
export const CACHE_APART: UsageConvention = { cache: "apart", reasoning: "within", total: "both", beyond: "unknown" };
