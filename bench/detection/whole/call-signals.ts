import { type CatalogueSignal, SIGNALS, type SignalKind } from "../../../core/signals.ts";
import { FORMS } from "./healthy-app.ts";

/** Every signal the simulated calls carry, in the order of their indices. */
export const CALL_SIGNALS: readonly CatalogueSignal[] = [
  "error",
  "truncated",
  "tool_call_valid",
  "refusal",
  "code_fence",
  "bullets",
  "preamble",
  "latency_ms",
  "ttft_ms",
  "tokens_total",
  "cost_usd",
  "output_chars",
  "answer_form",
  "refusal_class",
  "finish_reason",
  "quality",
  "support_tickets",
];

/** Index of a signal in CALL_SIGNALS. */
export const signalIndex = (signal: CatalogueSignal): number => CALL_SIGNALS.indexOf(signal);

/** Stands for "this call does not carry the signal". */
export const ABSENT = -1;

/** Values lie on every fourth bucket of 1%, from 1.01^-1000 on. */
export const GRID = 4;
const FIRST = -1000;
const ROOM: Readonly<Record<SignalKind, number>> = { rate: 2, value: 600, score: 101, category: 4, labels: 0 };

const LABELS: Readonly<Partial<Record<CatalogueSignal, readonly string[]>>> = {
  answer_form: FORMS.labels,
  refusal_class: ["none", "hard"],
  finish_reason: ["stop", "length"],
};

/** How many bins a signal has here. */
export const binsOf = (signal: CatalogueSignal): number => ROOM[SIGNALS[signal].kind];

/** Bin of a value given in log-buckets of 1%. */
export const binOfBucket = (bucket: number): number =>
  Math.min(ROOM.value - 1, Math.max(0, Math.floor((bucket - FIRST) / GRID)));

/** Log-bucket of 1% that a bin stands for; the reverse of binOfBucket. */
export const bucketOfBin = (bin: number): number => FIRST + GRID * bin;

/** Name of a bin in a sample. */
export const binName = (signal: CatalogueSignal, bin: number): string => {
  const { kind } = SIGNALS[signal];
  return kind === "category" ? (LABELS[signal]?.[bin] ?? "") : String(kind === "value" ? bucketOfBin(bin) : bin);
};
