import { createHash } from "node:crypto";
import cron from "node-cron";
import { z } from "zod";
import type { Monitor, MonitorMatch, SeriesKey, WatchedSignal } from "../../core/monitor.ts";
import { duration, percent } from "./units.ts";
import { watchedSignal } from "./watched-signal.ts";

/** The sentinel of a monitor, as leeway.yaml has it. Durations are ms. */
export interface SentinelSettings {
  /** When it asks; five or six cron fields, the machine's time zone. */
  readonly cron: string;
  /** JSON lines of probes; see docs/monitors.md. */
  readonly probes: string;
  /** Address of an OpenAI-compatible chat completions endpoint. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token; empty = none. */
  readonly apiKey: string;
  /** What it may spend between midnight and midnight, UTC. `usdPerDay` null = calls alone count. */
  readonly budget: { readonly callsPerDay: number; readonly usdPerDay: number | null };
  /** Longest answer asked for. */
  readonly maxTokens: number;
  /** Longest wait for an answer. */
  readonly timeout: number;
}

/** One entry of `monitors:`, defaults filled in. Durations are ms. */
export interface MonitorSettings {
  readonly name: string;
  readonly match: MonitorMatch;
  readonly by: readonly SeriesKey[];
  readonly signals: readonly WatchedSignal[];
  /** Type of its notices: `page`, or `drift` for channels that carry less urgent ones. */
  readonly severity: "page" | "drift";
  readonly meanTimeBetweenFalseAlarms: number;
  readonly margin: number;
  readonly history: number;
  readonly learn: number;
  readonly adoptAfter: number;
  readonly settle: number;
  readonly maxSeries: number;
  readonly modelChanges: boolean;
  readonly sentinel: SentinelSettings | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS: number = 24 * HOUR_MS;

const text = z.string().min(1).nullable().default(null);

const match = z.strictObject({
  service: text,
  operation: text,
  provider: text,
  model: text,
  prompt: text,
  segments: z.record(z.string().min(1), z.string()).default({}),
});

const KEY = /^(service|operation|provider|model|prompt|segment\.[A-Za-z0-9_.-]+)$/;

const seriesKey = z
  .string()
  .regex(KEY, "unknown key; expected service, operation, provider, model, prompt or segment.<name>");

const sentinel = z.strictObject({
  cron: z.string().refine((each) => cron.validate(each), 'no cron expression; expected one such as "*/15 * * * *"'),
  probes: z.string().min(1),
  url: z.string().regex(/^https?:\/\/\S+$/, "no URL; expected one such as https://api.openai.com/v1/chat/completions"),
  model: z.string().min(1),
  apiKey: z.string().default(""),
  budget: z
    .strictObject({
      callsPerDay: z.int().min(1).max(100_000).default(1000),
      usdPerDay: z.number().positive().nullable().default(1),
    })
    .prefault({}),
  maxTokens: z.int().min(1).max(100_000).default(200),
  timeout: duration.refine((ms) => ms >= 1000 && ms <= 600_000, "expected 1s to 10m").prefault("30s"),
});

const between = (least: number, most: number, expected: string): z.ZodType<number> =>
  duration.refine((ms) => ms >= least && ms <= most, `out of range; expected ${expected}`);

const SIGNALS = ["error", "refusal", "latency_ms.p95", "output_tokens", "cost_usd"];

const uniqueIds = (signals: readonly WatchedSignal[]): boolean =>
  new Set(signals.map(({ id }) => id)).size === signals.length;

/** Schema of one entry of `monitors:`. */
export const monitorSchema: z.ZodType<MonitorSettings> = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "expected a name of lower-case letters, digits, . _ -"),
  match: match.prefault({}),
  by: z
    .array(seriesKey)
    .max(4)
    .default([])
    .transform((keys) => keys as SeriesKey[]),
  signals: z
    .array(watchedSignal)
    .min(1)
    .max(20)
    .refine(uniqueIds, "the same signal twice; expected each once")
    .prefault(SIGNALS),
  severity: z.enum(["page", "drift"]).default("page"),
  meanTimeBetweenFalseAlarms: between(DAY_MS, 3650 * DAY_MS, "1d to 10y").prefault("2y"),
  margin: percent.refine((share) => share >= 0.01, "too small; expected at least 1%").prefault("10%"),
  history: between(DAY_MS, 90 * DAY_MS, "1d to 90d").prefault("28d"),
  learn: between(DAY_MS, 28 * DAY_MS, "1d to 28d").prefault("3d"),
  adoptAfter: between(DAY_MS, 90 * DAY_MS, "1d to 90d").prefault("7d"),
  settle: between(0, 600_000, "at most 10m").prefault("30s"),
  maxSeries: z.int().min(1).max(50).default(8),
  modelChanges: z.boolean().default(true),
  sentinel: sentinel.nullable().default(null),
});

const hashOf = (definition: unknown): string =>
  createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 16);

/** The monitor that settings declare, as the detectors know it. */
export const monitorOf = (settings: MonitorSettings): Monitor => {
  const { match, by, signals, margin, maxSeries, modelChanges, meanTimeBetweenFalseAlarms } = settings;
  const whole = (ms: number): number => Math.ceil(ms / HOUR_MS) * HOUR_MS;
  const definition = {
    match,
    by,
    signals,
    meanTimeBetweenFalseAlarms,
    slice: 60_000,
    margin,
    history: Math.ceil(settings.history / DAY_MS) * DAY_MS,
    learn: whole(settings.learn),
    adoptAfter: whole(settings.adoptAfter),
    maxSeries,
    modelChanges,
    flat: false,
  };
  return { name: settings.name, hash: hashOf(definition), ...definition };
};
