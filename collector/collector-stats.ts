import type { ConnectionStats } from "../http/limit-connections.ts";
import type { ExporterCounters } from "./exporter-counters.ts";
import type { FlagEvaluations } from "./flag-evaluations.ts";
import type { AdmissionStats } from "./http/admission.ts";
import type { OverloadStats } from "./http/overload-watch.ts";
import type { RequestRefusal } from "./http/reply.ts";
import type { SpanRefusal } from "./normalise/normalise-span.ts";
import type { OutcomeRefusal } from "./outcomes/normalise-outcome.ts";
import type { SenderClock } from "./sender-clocks.ts";
import type { SpoolStats } from "./spool/spool.ts";

/** Why something was refused: a whole request, a single span or a single outcome. */
export type RefusalReason = RequestRefusal | SpanRefusal | OutcomeRefusal;

/** What happened since the collector started. */
export interface CollectorStats {
  /** Spans of well-formed requests, repeated ones included. */
  readonly receivedSpans: number;
  /** Calls made durable, each once. */
  readonly rows: number;
  /** Outcomes made durable, each once. */
  readonly outcomes: number;
  /** Calls and outcomes that were durable already and were acknowledged again. */
  readonly duplicates: number;
  /** Spans of calls that another instrumentation's span already stands for. */
  readonly covered: number;
  /** Spans that are no call of a model. */
  readonly other: number;
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
}

/** The counters of CollectorStats that the collector itself keeps. */
export type CollectorCounters = {
  -readonly [Name in
    | "receivedSpans"
    | "rows"
    | "outcomes"
    | "duplicates"
    | "covered"
    | "other"
    | "late"
    | "logRecords"
    | "metrics"]: number;
} & { readonly refused: Record<RefusalReason, number> };

/** Counters at zero. */
export const createCounters = (): CollectorCounters => ({
  receivedSpans: 0,
  rows: 0,
  outcomes: 0,
  duplicates: 0,
  covered: 0,
  other: 0,
  late: 0,
  logRecords: 0,
  metrics: 0,
  refused: {
    "not-found": 0,
    "wrong-method": 0,
    unauthorised: 0,
    foreign: 0,
    "wrong-type": 0,
    "too-large": 0,
    malformed: 0,
    overloaded: 0,
    "disk-slow": 0,
    "spool-full": 0,
    "disk-failed": 0,
    internal: 0,
    "invalid-id": 0,
    "invalid-time": 0,
    "too-old": 0,
    "unlinked-outcome": 0,
    "empty-outcome": 0,
  },
});
