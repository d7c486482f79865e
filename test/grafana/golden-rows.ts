import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Verdict } from "../../core/verdict.ts";
import { standingEvent } from "../../lifecycle/standing.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

export const MINUTE = 60_000;
export const MIGRATION = "support-bot";

/** Minutes of traffic; each has 18 baseline and 2 canary calls. */
export const MINUTES = 10;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** From its sixth minute on, one of the two canary calls of a minute fails. */
const fails = (minute: number, index: number): boolean => minute >= 5 && index === 18;

const span = (start: number, minute: number, index: number): SpanRow => {
  const canary = index >= 18;
  const error = fails(minute, index);
  const durationMs = canary ? 200 : 100;
  const endMs = start + minute * MINUTE + (index + 1) * 1000;
  return {
    trace_id: hex(minute * 100 + index + 1, 32),
    span_id: hex(minute * 100 + index + 1, 16),
    parent_span_id: "",
    start_ms: endMs - durationMs,
    end_ms: endMs,
    duration_ms: durationMs,
    ttft_ms: error ? null : durationMs / 2,
    service: "support-api",
    instance: "one",
    scope: "leeway",
    operation: "chat",
    provider: "openai",
    request_model: canary ? "new-model" : "old-model",
    response_model: canary ? "new-model" : "old-model",
    system_fingerprint: "",
    response_id: "",
    conversation_id: "",
    prompt_name: "",
    prompt_version: "",
    streamed: 1,
    attempt: 0,
    error: error ? 1 : 0,
    error_type: error ? "500" : "",
    http_status: error ? 500 : 200,
    finish_reason: error ? "" : "stop",
    input_tokens: error ? null : 100,
    output_tokens: error ? null : canary ? 100 : 50,
    cached_tokens: null,
    reasoning_tokens: null,
    cost_usd: error ? null : canary ? 0.002 : 0.001,
    migration: MIGRATION,
    cohort: canary ? "canary" : "baseline",
    flag_key: "support-model",
    flag_variant: canary ? "canary" : "baseline",
    targeting_key_hash: "",
    segments: { input_type: index % 2 === 0 ? "faq" : "billing" },
    output_chars: error ? null : 400,
    code_fence: error ? null : 0,
    json_valid: null,
    refusal_class: error ? "" : canary && minute === 0 && index === 18 ? "hard" : "none",
    truncated: error ? null : 0,
    tool_call_valid: null,
    sampling_probability: 1,
    received_ms: endMs + 250,
    features: {},
    labels: {},
    key_paths: [],
    cache_write_tokens: null,
    parameters: "",
    clock_skew_ms: 0,
    error_kind: error ? "server" : "",
    error_fault: "",
    error_parameter: "",
    retry_wait_ms: null,
    throttled_attempts: null,
    retry_after_kept: null,
    handoff: "",
    pair_id: "",
  };
};

/** The calls of one minute after `start` (epoch ms), numbered from 0. */
export const spansOfMinute = (start: number, minute: number): SpanRow[] =>
  Array.from({ length: 20 }, (_, index) => span(start, minute, index));

const evidence = anEvidence({
  logE: 9.25,
  threshold: 8.5,
  n: { canary: 20, baseline: 180 },
  events: { canary: 5, baseline: 0 },
  value: { canary: 0.25, baseline: 0 },
  interval: { lower: 0.08, upper: 0.5 },
  share: 0.1,
});

export const BREACH: Verdict = { rule: "error", severity: "rollback", outcome: "breach", evidence };

const EARLIER: Verdict = {
  rule: "error",
  severity: "rollback",
  outcome: "undecided",
  why: "too-few",
  evidence: { ...evidence, logE: 0.5 },
};

/** A rule whose reference is not yet known: its limit and interval are null. */
const WARMING: Verdict = {
  rule: "latency_ms.p99.relative",
  severity: "pause",
  outcome: "undecided",
  why: "baseline-warming-up",
  evidence: { ...evidence, logE: -1, segment: "input_type=<b>faq</b>", interval: null, limit: null },
};

const isRearm = (event: LedgerEvent): boolean => event.type === "command" && event.command === "rearm";

/** Entries of the ledger, a second apart. As in the agent, all of them carry an incident id, a new one after each re-arming. */
export const entries = (migration: string, start: number, events: readonly LedgerEvent[]): LedgerEntry[] =>
  events.map((event, index) => ({
    id: `${migration}-${index}`,
    at: start + index * 1000,
    migration,
    by: event.type === "command" ? "ana@example.com" : "agent",
    incident: `${migration}:${events.slice(0, index).filter(isRearm).length}`,
    event,
  }));

/** A migration to fold ledgers with; only its stages matter there. */
export const SOME_MIGRATION: Migration = aMigration({
  name: MIGRATION,
  stages: [{ kind: "canary", share: 0.1, forMs: MINUTE, approval: false }],
});

export const STARTED: LedgerEvent = { type: "started", hash: "ab12", stage: 0, share: 0.1 };

const state = (share: number) => ({ flag: "support-model", share, enabled: true, revision: "2" });

export const ROLLBACK: LedgerEvent = {
  type: "decision",
  decision: { kind: "rollback", rule: "error", reason: "error 25% in <b>faq</b> & more is above 5%" },
  judgement: { migration: MIGRATION, at: 0, stage: 0, verdicts: [BREACH, WARMING] },
};

export const FLIP_INTENT: LedgerEvent = {
  type: "flip-intent",
  action: "a1",
  flag: "support-model",
  target: "builtin",
  share: 0,
};

export const READ_BACK: LedgerEvent = { type: "flip-readback", action: "a1", state: state(0), confirmed: true };

const exposure = { since: 0, until: 1, canaryCalls: 3, baselineCalls: 90, lastCanaryStart: 1, instances: ["one"] };

export const DRAINED: LedgerEvent = {
  type: "drain-proven",
  exposure,
  lastCanaryStart: 1,
  probability: 0.0008,
  flippedAt: 0,
};

export const OVERDUE: LedgerEvent = { type: "drain-overdue", reason: "canary-calls", exposure, flippedAt: 0 };

/** The spans could not be read in time. */
export const UNMEASURED: LedgerEvent = { type: "drain-overdue", reason: "not-measured", exposure: null, flippedAt: 0 };

/** A ledger with what the agent says at its end of where the migration stands. */
export const withStanding = (ledger: readonly LedgerEntry[]): LedgerEntry[] => {
  const last = ledger.at(-1);
  if (last === undefined) return [];
  const { at, id } = last;
  const event = standingEvent(SOME_MIGRATION, foldLedger(SOME_MIGRATION, ledger), at);
  return [...ledger, { ...last, at: at + 1, id: `standing:${id}`, by: "agent", event }];
};

/** A whole rollback, from the start of the migration to the proven drain. */
export const rollbackLedger = (start: number): LedgerEntry[] =>
  withStanding(
    entries(MIGRATION, start, [
      STARTED,
      { type: "verdict", verdict: EARLIER, tick: start },
      { type: "verdict", verdict: BREACH, tick: start },
      ROLLBACK,
      FLIP_INTENT,
      { type: "flip-result", action: "a1", write: { outcome: "written", state: state(0) } },
      READ_BACK,
      { type: "claim", notice: "n1", channel: "slack", attempt: 1, turn: 1, owner: "0f3a9c1e-55aa" },
      {
        type: "delivery",
        notice: "n1",
        channel: "slack",
        attempt: 1,
        delivery: { outcome: "delivered", detail: "200" },
      },
      DRAINED,
    ]),
  );
