import type { Cohort } from "../../core/cohort.ts";
import { normalFrom, seededRandom } from "../../core/seeded-random.ts";
import type { SpanRow } from "../../core/span-row.ts";
import { type AskFlag, type Turn, userHash } from "./app.ts";
import { costUsd } from "./prices.ts";

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 1_800_000;
const HOUR_MS = 3_600_000;
/** Clocks in Los Angeles are seven hours behind UTC during the whole simulation. */
const LOCAL_MS = -7 * HOUR_MS;
const USERS = 20_000;
/** One user in twelve works for the company. */
const INTERNAL = 12;
const TYPES = ["question", "complaint", "order"] as const;
/** Turns of a conversation, on average. */
const TURNS = 3;
/** So much of an hour a conversation lasts, about. */
const TALK_HOURS = 1 / 6;

/** What the flag and the provider do to the calls of some time. */
export interface Conditions {
  /** True while every call is sent to the candidate as well, and its answer thrown away. */
  readonly isShadowed: boolean;
  /** True while the candidate's provider is in trouble. */
  readonly isIll: boolean;
  /** True before there is a flag: the calls are of no migration. */
  readonly isBefore: boolean;
}

/** When it is in Los Angeles, as a date whose UTC parts are the local ones. */
export const localTime = (at: number): Date => new Date(at + LOCAL_MS);

/** True on a day on which people work. */
export const isWorkday = (at: number): boolean => localTime(at).getUTCDay() % 6 !== 0;

/** Calls an hour: by day, by night and at weekends. */
const rateAt = (at: number): number => {
  const hour = localTime(at).getUTCHours();
  return (hour >= 8 && hour < 20 ? 1_200 : 300) * (isWorkday(at) ? 1 : 0.5);
};

/** How the arms differ: the candidate is a little slower and writes a little less, which no limit forbids. */
const HABITS = {
  baseline: { model: "gpt-4o-2024-08-06", version: "41", ms: 1_400, tokens: 220, errors: 0.008 },
  canary: { model: "gpt-5-2026-08", version: "42", ms: 1_450, tokens: 210, errors: 0.009 },
} as const;

const INPUT_TOKENS = 600;

/** In trouble: two calls in five fail. */
const ILL_ERRORS = 2 / 5;

/** Those who talk to the app, each of whom finishes what they began; always the same for the same `random`. */
const createTurns = (random: () => number): ((at: number) => Turn) => {
  const open: Turn[] = [];
  let begun = 0;
  const begin = (): Turn => {
    const user = Math.floor(random() * USERS);
    begun += 1;
    const tier = user % INTERNAL === 0 ? "internal" : "customer";
    const type = TYPES[Math.floor(random() * TYPES.length)] ?? TYPES[0];
    return { user: `user-${user}`, conversation: `conv-${begun}`, tier, type };
  };
  return (at) => {
    const isFull = open.length >= (rateAt(at) * TALK_HOURS) / TURNS;
    if (!isFull) open.push(begin());
    const i = isFull ? Math.floor(random() * open.length) : open.length - 1;
    const turn = open[i] ?? begin();
    if (random() < 1 / TURNS) open.splice(i, 1);
    return turn;
  };
};

/** The calls of an app, always the same for the same `seed` and the same answers of the flag: ids, users, times and answers. */
export const createCalls = (
  seed: number,
  ask: AskFlag,
): ((from: number, to: number, conditions: Conditions) => SpanRow[]) => {
  const random = seededRandom(seed);
  const turnAt = createTurns(random);
  let made = 0;
  let owed = 0;

  const call = (end: number, turn: Turn, cohort: Cohort, handoff: SpanRow["handoff"], isIll: boolean): SpanRow => {
    made += 1;
    const arm = cohort === "baseline" ? "baseline" : "canary";
    const habits = HABITS[arm];
    const error = random() < (isIll && cohort !== "baseline" ? ILL_ERRORS : habits.errors) ? 1 : 0;
    const duration = Math.round(habits.ms * Math.exp(0.35 * normalFrom(random)));
    const tokens = Math.max(1, Math.round(habits.tokens * Math.exp(0.4 * normalFrom(random))));
    const refuses = random() < 0.03;
    const answered = error === 0;
    const id = made.toString(16);
    return {
      ...{ trace_id: id.padStart(32, "0"), span_id: id.padStart(16, "0"), parent_span_id: "" },
      ...{ start_ms: end - duration, end_ms: end, duration_ms: duration, ttft_ms: null, received_ms: end + 120 },
      ...{ service: "support-api", instance: `pod-${1 + (made % 3)}`, scope: "leeway", operation: "chat" },
      ...{ provider: "openai", request_model: habits.model, response_model: habits.model, system_fingerprint: "" },
      ...{
        response_id: "",
        conversation_id: turn.conversation,
        prompt_name: "support",
        prompt_version: habits.version,
      },
      ...{ streamed: 0, attempt: 0, error, error_type: error === 1 ? "500" : "", http_status: error === 1 ? 500 : 200 },
      ...{ finish_reason: answered ? "stop" : "", input_tokens: INPUT_TOKENS, output_tokens: answered ? tokens : null },
      ...{ cached_tokens: null, reasoning_tokens: null, cache_write_tokens: null },
      cost_usd: answered ? costUsd(arm, INPUT_TOKENS, tokens) : null,
      ...{ migration: "support-bot-to-gpt-5", cohort, flag_key: "support-model" },
      ...{ flag_variant: cohort === "canary" ? "canary" : "baseline", targeting_key_hash: userHash(turn.user) },
      segments: { input_type: turn.type, tier: turn.tier },
      output_chars: answered ? tokens * 4 : null,
      code_fence: answered ? 0 : null,
      json_valid: null,
      refusal_class: answered ? (refuses ? "soft" : "none") : "",
      truncated: answered ? 0 : null,
      ...{ tool_call_valid: null, sampling_probability: 1, features: {}, labels: {}, key_paths: [] },
      ...{ handoff, parameters: "", clock_skew_ms: 0, error_kind: error === 1 ? "server" : "", error_fault: "" },
      ...{ error_parameter: "", retry_wait_ms: null, throttled_attempts: null, retry_after_kept: null, pair_id: "" },
    };
  };

  /** When calls end: at random moments, at the rate of their half hour; of a long time in the first minute of every five. */
  const endsIn = (from: number, to: number): number[] => {
    const ends: number[] = [];
    for (let at = from; at < to; ) {
      const until = Math.min(to, (Math.floor(at / HALF_HOUR_MS) + 1) * HALF_HOUR_MS);
      owed += (rateAt(at) * (until - at)) / HOUR_MS;
      const count = Math.floor(owed);
      owed -= count;
      for (let i = 0; i < count; i++) {
        const end = at + Math.floor(((i + random()) / count) * (until - at));
        ends.push(to - from < HOUR_MS ? end : end - (Math.floor(end / MINUTE_MS) % 5) * MINUTE_MS);
      }
      at = until;
    }
    return ends;
  };

  return (from, to, { isShadowed, isIll, isBefore }) =>
    endsIn(from, to).flatMap((end): SpanRow[] => {
      const turn = turnAt(end);
      if (isBefore) {
        const answer = call(end, turn, "baseline", "", false);
        return [{ ...answer, migration: "", cohort: "", flag_key: "", flag_variant: "" }];
      }
      const { arm, handoff } = ask(turn);
      const answer = call(end, turn, arm, handoff, isIll);
      return isShadowed ? [answer, call(end, turn, "shadow", "", isIll)] : [answer];
    });
};
