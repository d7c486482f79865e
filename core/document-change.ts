/** One thing in which a document differs from another of its migration, and whether it lets more through. */
export interface DocumentChange {
  readonly effect: "looser" | "tighter" | "other";
  /** One line. */
  readonly text: string;
}
