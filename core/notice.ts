/** What a notice is about; alert channels choose by it (`on:` in leeway.yaml). */
export type NoticeType = "stage" | "pause" | "rollback" | "page" | "drift" | "drained" | "test";

/** One message to people, independent of the channel that carries it. */
export interface Notice {
  /** Deterministic: the same event always has the same id, on every retry and every replica. */
  readonly id: string;
  readonly at: number;
  readonly type: NoticeType;
  /** The migration, or `monitor:<name>`. */
  readonly migration: string;
  /** Groups the notices of one incident; the deduplication key of every channel. Empty outside an incident. */
  readonly incident: string;
  /** One line, at most 150 characters. */
  readonly title: string;
  /** One short paragraph: what happened, why, what was done, what is left to do. */
  readonly summary: string;
  /** Label and value pairs, for the channels that show a table. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Where to look; absolute URL, empty when none is known. */
  readonly link: string;
}

/** How one try to deliver a notice through one channel ended. */
export type Delivery =
  | { readonly outcome: "delivered"; readonly detail: string }
  | { readonly outcome: "retry"; readonly detail: string; readonly retryAfterMs: number | null }
  | { readonly outcome: "failed"; readonly detail: string };
