/** One sibling of a kind of dirty input, put to the shipped code. */
export interface DirtyCase {
  /** What is fed in, in a few words. */
  readonly input: string;
  /** What would be right to say, in a few words. */
  readonly right: string;
  /** What was said before the kind was mended, as measured then. */
  readonly before: string;
  /** Runs the input and tells what is said now, in a few words, seeded; the same each time. */
  readonly measure: () => string | Promise<string>;
  /** Whether what `measure` told is right. */
  readonly isRight: (said: string) => boolean;
}

/** A kind of dirty input with its siblings. */
export interface DirtyKind {
  readonly kind: string;
  readonly cases: readonly DirtyCase[];
}
