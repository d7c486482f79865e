/** What stands for the migration in the ledger where the agent itself is meant: its channels, silences, tests. No migration's name. */
export const AGENT_SUBJECT = "leeway:agent";

/** What a notice is about; alert channels choose by it (`on:` in leeway.yaml). */
export type NoticeType = "stage" | "pause" | "rollback" | "page" | "drift" | "drained" | "ack" | "test" | "drill";

/** How bad it is, in the words pagers know. */
export type NoticeSeverity = "critical" | "warning" | "info";

/** What a notice does to its incident: begins it, says more about it, says that a person is at it, or ends it. */
export type NoticePhase = "open" | "update" | "acknowledge" | "resolve";

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
  ack: { severity: "info", phase: "acknowledge" },
  test: { severity: "info", phase: "update" },
  drill: { severity: "info", phase: "open" },
};

/** One message to people, independent of the channel that carries it. */
export interface Notice {
  /** Deterministic: the same event always has the same id, on every retry and every replica. */
  readonly id: string;
  readonly at: number;
  readonly type: NoticeType;
  readonly severity: NoticeSeverity;
  readonly phase: NoticePhase;
  /**
   * True of a rollback, and of what says that there is none although it was called for (NOT ROLLED BACK, ROLLBACK FAILED): no
   * route, wait or silence keeps it from people. Left out = false.
   */
  readonly isUrgent?: boolean;
  /** The migration, or `monitor:<name>`. */
  readonly migration: string;
  /** Groups the notices of one incident; the deduplication key of every channel. Empty outside an incident. */
  readonly incident: string;
  /** One line, at most 150 characters. */
  readonly title: string;
  /** One short paragraph: what happened, why, what was done, what is proven, what is left to do. */
  readonly summary: string;
  /** The summary in parts, for channels with room for headings; in the order in which they are read. At least one. */
  readonly sections: readonly (readonly [heading: string, text: string])[];
  /** Label and value pairs, for the channels that show a table. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The agent's page; absolute URL, empty when none is known. */
  readonly link: string;
  /** Everything worth opening, the agent's page first: absolute http(s) URLs. */
  readonly links: readonly NoticeLink[];
}

/** A place to look. */
export interface NoticeLink {
  readonly label: string;
  /** Absolute, http or https. */
  readonly url: string;
}

/** How one try to deliver a notice through one channel ended. */
export type Delivery =
  | {
      readonly outcome: "delivered";
      readonly detail: string;
      /** What the channel needs to say more about the same incident there, such as the id of a message; no secret. */
      readonly receipt?: string;
    }
  | { readonly outcome: "retry"; readonly detail: string; readonly retryAfterMs: number | null }
  | { readonly outcome: "failed"; readonly detail: string };

/** How a notice ended in one channel, as the ledger has it: by a try, or because nobody was to be told; the detail says why. */
export type Ending =
  | Delivery
  | {
      readonly outcome: "muted";
      readonly detail: string;
      /** Id of the silence it was muted by; left out = by none. */
      readonly silence?: string;
    };

/** The types a silence can be for; nothing urgent is kept from people whatever its type. */
export const SILENCEABLE_TYPES = ["stage", "pause", "page", "drift"] as const;

/** One of them. */
export type SilenceableType = (typeof SILENCEABLE_TYPES)[number];

/** A notice that one channel delivered. */
export interface DeliveredNotice extends Pick<Notice, "id" | "type" | "phase"> {
  /** When the try ended, epoch ms. */
  readonly at: number;
  /** What the channel left; empty for nothing. */
  readonly receipt: string;
}

type Later = "severity" | "phase" | "sections" | "links";

/** A notice as the ledger has it. Version 0.1 wrote neither severity nor phase, nor sections and links. */
export type StoredNotice = Omit<Notice, Later> & Partial<Pick<Notice, Later>>;

/** What the parts of a summary are called, in the order in which they are read. */
export const SECTION_HEADINGS = {
  happened: "What happened",
  done: "Done",
  proof: "Proven",
  next: "Do now",
} as const;

/** What a link to the agent's page is called. */
export const PAGE_LABEL = "Leeway's page";

/** A stored notice, whole. */
export const completeNotice = (stored: StoredNotice): Notice => ({
  ...NOTICE_STANDING[stored.type],
  sections: [[SECTION_HEADINGS.happened, stored.summary]],
  links: stored.link === "" ? [] : [{ label: PAGE_LABEL, url: stored.link }],
  ...stored,
});
