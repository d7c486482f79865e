/** Why a request is refused. Each is a counter. */
export type RequestRefusal =
  | "not-found"
  | "wrong-method"
  | "unauthorised"
  /** Of a web page, or addressed by a name that is not known. */
  | "foreign"
  | "wrong-type"
  | "too-large"
  | "malformed"
  /** More is under way than can be done in a moment. */
  | "overloaded"
  /** Rows take too long to reach the disk. */
  | "disk-slow"
  | "spool-full"
  | "disk-failed"
  | "internal";

/** Times in another unit than OTLP's nanoseconds: as they are sent, they are days of 1970. */
export type UnitRefusal = "seconds-as-nanoseconds" | "milliseconds-as-nanoseconds" | "microseconds-as-nanoseconds";

/** Why a span cannot become a row. */
export type SpanRefusal = "invalid-id" | "invalid-time" | "too-old" | UnitRefusal;

/** Why an evaluation event cannot become a row: it names no call, says nothing, or is from before what is kept. */
export type OutcomeRefusal = "unlinked-outcome" | "empty-outcome" | "too-old" | UnitRefusal;

/** Why the event of a pair cannot become a row: it has no id, migration, kind or outcome that is known. */
export type PairRefusal = "invalid-pair";

/** Why content was not kept although its call was. */
export type ContentLoss =
  /** Longer than `content.maxBytes`, or than can be read. */
  | "too-large"
  /** It is on a span whose call has the row of another span. */
  | "covered"
  /** The part of the spool that content may take is full. */
  | "spool-full"
  /** It waited for the store when `content` was taken out of leeway.yaml. */
  | "switched-off"
  /** The store refuses it for what it says. */
  | "store-refused";

/** Why something was refused: a whole request, a single span, outcome or pair. */
export type RefusalReason = RequestRefusal | SpanRefusal | OutcomeRefusal | PairRefusal;

/** What is known of the spans one app process made: what its exporter says, and what arrived. */
export interface ExporterCounters {
  readonly service: string;
  /** `service.instance.id` of the process. */
  readonly instance: string;
  /** As the exporter reported, cumulative since the process began: spans made, acknowledged by a collector, given up. */
  readonly made: number;
  readonly sent: number;
  readonly dropped: number;
  /** Written to its disk spool; sent from there later, by whichever process. */
  readonly spooled: number;
  /** Calls of this process that arrived, since the first that did. */
  readonly received: number;
  /** Sequence numbers since then that did not arrive although a later one did. */
  readonly missing: number;
  /** Of those, at least so many are neither reported as dropped nor on disk: they were lost without a word. */
  readonly unexplained: number;
  /** When the newest report or call arrived, epoch ms. */
  readonly reportedMs: number;
}

/** How often a flag served a variant to a service, since the collector started. */
export interface FlagEvaluations {
  readonly service: string;
  readonly flag: string;
  readonly variant: string;
  readonly count: number;
}

/**
 * A sender whose calls had to be moved to where they belong in time, or whose calls all come in late by the same: its clock is
 * behind then, or something holds them.
 */
export interface SenderClock {
  readonly service: string;
  /** `service.instance.id`; empty where the sender gives none. */
  readonly instance: string;
  /** How far its clock is ahead of the agent's, behind or late: negative, ms; of the newest call that was moved. */
  readonly skewMs: number;
  /** Calls moved since the collector started; 0 = they were left where they say they were. */
  readonly calls: number;
  /** When the newest of them, or of all, arrived, epoch ms. */
  readonly lastMs: number;
}

/** Calls of a model whose sender says another cost than the price table, since the collector started. */
export interface CostDifference {
  /** As it is priced: the model that answered, or else the one that was asked for. */
  readonly model: string;
  readonly calls: number;
  /** US dollars of these calls together: by the price table, which is what is stored, and as their senders say. */
  readonly pricedUsd: number;
  readonly statedUsd: number;
}

/** Gauges and counters of the spool. */
export interface SpoolStats {
  /** Bytes and rows on disk that are not in the store yet. */
  readonly bytes: number;
  readonly rows: number;
  /** Segments on disk, the growing one included. */
  readonly segments: number;
  readonly insertedRows: number;
  readonly insertedSegments: number;
  readonly insertFailures: number;
  /** Segments set aside since the start: as `.bad` what is damaged, as `.newer` what a newer version wrote. */
  readonly damagedSegments: number;
  /** Rows in them that were acknowledged and cannot be read. */
  readonly damagedRows: number;
  /** Segments on disk that the disk does not give back; they are tried again. */
  readonly unreadableSegments: number;
  /** Appends the disk refused. */
  readonly appendFailures: number;
  /** Age of the oldest row that is not in the store yet, ms; null when all are. */
  readonly oldestUnsavedMs: number | null;
}

/** What is under way at this moment. */
export interface AdmissionStats {
  readonly requests: number;
  readonly bytes: number;
  /** How long a request would wait for those ahead of it, ms. */
  readonly waitMs: number;
  /** How long the rows that have waited for longest have been on their way to the disk, ms; null when none are. */
  readonly diskMs: number | null;
}

/** A spell in which requests were refused because there were too many. */
export interface OverloadStats {
  /** How long the spell that goes on has lasted, ms; null when there is none. */
  readonly overloadedForMs: number | null;
  /** Requests refused in it. */
  readonly refusedInSpell: number;
}

/** What a listener's connections did since it started. */
export interface ConnectionStats {
  readonly open: number;
  readonly limit: number;
  /** Connections that were closed to make room, or for which there was none. */
  readonly dropped: number;
}

/** Why a span that looks as if it were about a model is not taken for a call of one. */
export type UntakenReason =
  /** As it should be: an agent, a tool, a chain, whose calls have spans of their own. */
  "contains-calls" | "unknown-operation" | "no-model" | "no-provider-and-tokens";

/** Spans of one instrumentation and name that are not taken, since the collector started. Texts are short and printable. */
export interface UntakenSpans {
  /** The instrumentation scope; empty where the sender gives none. */
  readonly scope: string;
  /** The spans' name; empty for those of a scope, or of all, that there was no room to tell apart. */
  readonly name: string;
  /** What they say that they are, or the attribute by which they are told to contain calls; empty where they say nothing. */
  readonly word: string;
  readonly reason: UntakenReason;
  readonly spans: number;
}

/** What happened since the collector started. */
export interface CollectorStats {
  /** Spans of well-formed requests, repeated ones included. */
  readonly receivedSpans: number;
  /** Calls made durable, each once. */
  readonly rows: number;
  /** Outcomes made durable, each once. */
  readonly outcomes: number;
  /** Pairs of a served call and its second answer made durable, and counts of calls that made none, each once. */
  readonly pairs: number;
  /** Contents of calls made durable, each once. */
  readonly content: number;
  /** Contents that were not kept, while their calls were. */
  readonly contentLost: Readonly<Record<ContentLoss, number>>;
  /** Calls, outcomes and pairs that were durable already and were acknowledged again. */
  readonly duplicates: number;
  /** Spans of calls that another instrumentation's span already stands for. */
  readonly covered: number;
  /** Of them, those that took the place of a poorer row before that was stored. */
  readonly exchanged: number;
  /** Of them, those that would have made a better row, and came when that was on its way to the store, or stored. */
  readonly betterTooLate: number;
  /** Spans forgotten within a minute, because more came than can be kept in mind; others of their calls become rows. */
  readonly forgottenEarly: number;
  /** Spans that are no call of a model. */
  readonly other: number;
  /** Those of them that look as if they were about a model, most first, what may be a call before what contains calls. */
  readonly untaken: readonly UntakenSpans[];
  /** Rows that arrived more than ten minutes after their call ended. */
  readonly late: number;
  /** Requests; spans and outcomes for the reasons that concern single ones. */
  readonly refused: Readonly<Record<RefusalReason, number>>;
  readonly logRecords: number;
  readonly metrics: number;
  /** What is under way, and since when requests have been refused for it. */
  readonly admission: AdmissionStats & OverloadStats;
  readonly connections: ConnectionStats;
  /** Calls on their way to the store. */
  readonly spool: SpoolStats;
  /** Calls that ended on an earlier day, on their way. */
  readonly earlierSpool: SpoolStats;
  readonly outcomeSpool: SpoolStats;
  readonly pairSpool: SpoolStats;
  readonly contentSpool: SpoolStats;
  /** Rows that the store refuses for what they say, kept in files. */
  readonly setAsideRows: number;
  /** One entry per app process whose exporter reports losses or numbers its calls. */
  readonly exporters: readonly ExporterCounters[];
  /** The same for outcomes; which of them arrived is not counted here. */
  readonly outcomeExporters: readonly Pick<ExporterCounters, "service" | "instance" | "made" | "sent" | "dropped">[];
  /** Evaluations of flags that apps told about. */
  readonly flagEvaluations: readonly FlagEvaluations[];
  /** Senders whose clock was wrong in the last ten minutes. */
  readonly senderClocks: readonly SenderClock[];
  /** Models whose calls cost more or less by more than 5% than their senders say. */
  readonly costDifferences: readonly CostDifference[];
}
