/** What a support answer about one subject is made of, in one language. `{n}`, `{days}`, … are filled in; see fillIn. */
export interface Topic {
  /** First sentences. */
  readonly leads: readonly string[];
  /** Things to do, each fit for a line of a list and for a sentence. */
  readonly steps: readonly string[];
  /** What else is worth saying. */
  readonly notes: readonly string[];
}

/** The kinds of requests that are answered in prose about a subject. */
export type ProseType = "faq" | "billing" | "technical";

/** Everything needed to write answers in one language. */
export interface Phrases {
  readonly topics: Readonly<Record<ProseType, readonly Topic[]>>;
  /** Set phrases at the beginning, e.g. "Sure!". */
  readonly openings: readonly string[];
  /** Sentence before a list. */
  readonly listIntros: readonly string[];
  /** Offers at the end. */
  readonly closings: readonly string[];
  /** Words put before a lead that make it less certain; the lead goes on in lower case. */
  readonly hedges: readonly string[];
  readonly smalltalk: readonly string[];
  readonly refusals: readonly string[];
  /** Asks back for what a tool call would need. */
  readonly questions: readonly string[];
}
