import { z } from "zod";
import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import type { WatchedSignal } from "../../core/monitor.ts";
import {
  type CatalogueSignal,
  measuredKind,
  SIGNAL_NAMES,
  SIGNALS,
  type SignalDefinition,
} from "../../core/signals.ts";
import { SIGNAL_COLUMNS } from "../../store/signal-columns.ts";
import { unknownName } from "./problem.ts";

const isWatchable = (name: CatalogueSignal): boolean =>
  measuredKind(SIGNALS[name].kind) !== null && SIGNAL_COLUMNS[name] !== undefined;

/** Names of the signals that a monitor can watch: those every call carries, and that have a rate or a mean. */
export const WATCHABLE_SIGNALS: readonly CatalogueSignal[] = SIGNAL_NAMES.filter(isWatchable);

const DIRECTIONS = ["increase", "drop", "either"] as const;
type Direction = (typeof DIRECTIONS)[number];

const WORSE: Readonly<Record<SignalDefinition["worse"], Direction>> = {
  up: "increase",
  down: "drop",
  either: "either",
};

const QUANTILE = /^p(\d{1,2}(?:\.\d)?)$/;

/** Longer names are not repeated in full. */
const MAX_SHOWN = 40;

const read = (text: string, asked: Direction | null): WatchedSignal | string => {
  if (isEvaluationSignal(text))
    return `${JSON.stringify(text.slice(0, MAX_SHOWN))} becomes known after the call, which a monitor does not wait for; expected one of ${WATCHABLE_SIGNALS.join(", ")}`;
  const [name = "", quantileText, ...more] = text.split(".p").map((part, i) => (i === 0 ? part : `p${part}`));
  const signal = WATCHABLE_SIGNALS.find((each) => each === name);
  if (signal === undefined) return unknownName("signal", name, WATCHABLE_SIGNALS);
  const { unit, worse } = SIGNALS[signal];
  const kind = measuredKind(SIGNALS[signal].kind);
  const quantile = quantileText === undefined ? null : Number(QUANTILE.exec(quantileText)?.[1] ?? Number.NaN) / 100;
  if (quantile !== null && !(quantile >= 0.5 && quantile < 1 && more.length === 0))
    return `${JSON.stringify(text)}; expected a quantile from p50 to p99, such as ${signal}.p95`;
  if (quantile !== null && kind !== "value")
    return `${JSON.stringify(text)}; expected no quantile, as the signal is a ${unit}`;
  if (kind === null) return unknownName("signal", name, WATCHABLE_SIGNALS);
  const id = quantile === null ? signal : `${signal}.${quantileText ?? ""}`;
  return { id, signal, kind, quantile, direction: asked ?? WORSE[worse], unit };
};

const EXPECTED = 'expected a signal such as error or latency_ms.p95, or { signal: …, direction: "either" }';

const parse = (input: unknown): WatchedSignal | string => {
  if (typeof input === "string") return read(input, null);
  const { signal, direction, ...others } = Object(input) as Readonly<Record<string, unknown>>;
  const known = DIRECTIONS.find((each) => each === direction);
  if (typeof signal !== "string" || Object.keys(others).length > 0) return `not a signal; ${EXPECTED}`;
  if (direction !== undefined && known === undefined)
    return `unknown direction ${JSON.stringify(direction)}; expected one of ${DIRECTIONS.join(", ")}`;
  return read(signal, known ?? null);
};

/** A signal a monitor watches: `error`, `latency_ms.p95`, or `{ signal, direction }`. */
export const watchedSignal: z.ZodType<WatchedSignal> = z.unknown().transform((input, context) => {
  const value = parse(input);
  if (typeof value !== "string") return value;
  const message = value.includes("; expected ") ? value : `${value}; expected a signal of the catalogue`;
  context.issues.push({ code: "custom", message, input });
  return z.NEVER;
});
