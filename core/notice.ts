/** What a notice is about; alert channels choose by it (`on:` in leeway.yaml). */
export type NoticeType = "stage" | "pause" | "rollback" | "page" | "drift" | "drained" | "test";

/** How bad it is, in the words pagers know. */
export type NoticeSeverity = "critical" | "warning" | "info";

/** What a notice does to its incident: begins it, says more about it, or ends it. */
export type NoticePhase = "open" | "update" | "resolve";

/** What a notice of a type is where nothing else is said. A notice outside an incident opens nothing that has to be closed. */
export const NOTICE_STANDING: Readonly<
  Record<NoticeType, { readonly severity: NoticeSeverity; readonly phase: NoticePhase }>
> = {
  stage: { severity: "info", phase: "update" },
  pause: { severity: "warning", phase: "open" },
  rollback: { severity: "critical", phase: "open" },
  page: { severity: "critical", phase: "open" },
  drift: { severity: "warning", phase: "open" },
  drained: { severity: "info", phase: "resolve" },
  test: { severity: "info", phase: "update" },
};

/** One message to people, independent of the channel that carries it. */
export interface Notice {
  /** Deterministic: the same event always has the same id, on every retry and every replica. */
  readonly id: string;
  readonly at: number;
  readonly type: NoticeType;
  readonly severity: NoticeSeverity;
  readonly phase: NoticePhase;
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

/** A notice as the ledger has it. Version 0.1 wrote neither severity nor phase. */
export type StoredNotice = Omit<Notice, "severity" | "phase"> & Partial<Pick<Notice, "severity" | "phase">>;

/** A stored notice, whole. */
export const completeNotice = (stored: StoredNotice): Notice => ({ ...NOTICE_STANDING[stored.type], ...stored });
