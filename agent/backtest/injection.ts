import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { parseDuration } from "../../core/parse-amount.ts";
import { fixedPercent } from "../../core/percent.ts";
import { measuredKind, SIGNALS, type SignalName, signalOf } from "../../core/signals.ts";
import type { Alteration } from "../../store/fold/injected-column.ts";
import { unknownName } from "../config/problem.ts";

/** How far a signal is moved. */
export type Change =
  /** by this many points (0-1) of a rate or score */
  | { readonly kind: "points"; readonly by: number }
  /** to this many times what it is */
  | { readonly kind: "factor"; readonly by: number }
  /** by this much, in the signal's unit */
  | { readonly kind: "amount"; readonly by: number };

/** A regression as it was asked for: `error=+9pt`, `cost_usd=+40%`, `latency_ms.p99=+500ms`, `output_tokens=x2`. */
export interface Injection {
  readonly text: string;
  readonly signal: SignalName;
  /** Only values from this quantile (0-1) on are moved; null = all. */
  readonly quantile: number | null;
  readonly change: Change;
}

/** The injection, or one line that says what is wrong, and where. */
export type InjectionRead = { readonly injection: Injection } | { readonly problem: string };

/** Signals that can be moved. */
const NAMES: readonly string[] = Object.entries(SIGNALS)
  .filter(([, { kind }]) => measuredKind(kind) !== null)
  .map(([name]) => name);

const EXPECTED = "signal=+9pt, signal=+40%, signal=x2 or signal.p99=+500ms";

const readAmount = (sign: number, text: string, signal: SignalName): Change | string => {
  const { unit, kind } = signalOf(signal);
  if (kind !== "value") return `points such as +9pt, a percentage or a factor, as the signal is a ${unit}`;
  const number = unit === "ms" ? parseDuration(text) : /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  if (number !== null) return { kind: "amount", by: sign * number };
  return unit === "ms"
    ? "a duration such as +500ms, a percentage or a factor"
    : `a number of ${unit} such as +100, a percentage or a factor`;
};

const readChange = (text: string, signal: SignalName): Change | string => {
  const factor = /^x(\d+(?:\.\d+)?)$/.exec(text);
  if (factor !== null) return { kind: "factor", by: Number(factor[1]) };
  const signed = /^([+-])(.+)$/.exec(text);
  if (signed === null) return "a change that begins with +, - or x";
  const [sign, rest] = [signed[1] === "-" ? -1 : 1, signed[2] ?? ""];
  const points = /^(\d+(?:\.\d+)?)\s*(?:pt|pp|points?)$/.exec(rest);
  if (points !== null && signalOf(signal).kind === "value")
    return `a percentage, a factor or a number of ${signalOf(signal).unit}: points are for shares and scores`;
  if (points !== null) return { kind: "points", by: (sign * Number(points[1])) / 100 };
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(rest);
  if (percent !== null) return { kind: "factor", by: Math.max(0, 1 + (sign * Number(percent[1])) / 100) };
  return readAmount(sign, rest, signal);
};

const isMovable = (name: string): name is SignalName => NAMES.includes(name);

/** Reads one `--inject`. */
export const readInjection = (text: string): InjectionRead => {
  const problem = (at: number, what: string): InjectionRead => ({
    problem: `--inject ${JSON.stringify(text)}: character ${at + 1}: ${what}`,
  });
  const equals = text.indexOf("=");
  if (equals < 0) return problem(text.length, `no "="; expected ${EXPECTED}`);
  const [subject, written] = [text.slice(0, equals), text.slice(equals + 1).trim()];
  if (isEvaluationSignal(subject.trim()))
    return problem(0, `evaluations become known after the call, and only calls are dealt; expected ${EXPECTED}`);
  const [name = "", tail, ...more] = subject.trim().split(".");
  if (!isMovable(name)) return problem(0, unknownName("signal", name, NAMES));
  const quantile = tail === undefined ? null : Number(/^p(\d{1,2}(?:\.\d+)?)$/.exec(tail)?.[1] ?? Number.NaN) / 100;
  if (more.length > 0 || Number.isNaN(quantile)) return problem(name.length + 1, "expected a quantile such as p99");
  if (quantile !== null && signalOf(name).kind !== "value")
    return problem(name.length + 1, `${name} has no quantiles; expected a signal measured in ms, tokens or USD`);
  const change = readChange(written, name);
  if (typeof change === "string") return problem(equals + 1, `${JSON.stringify(written)}; expected ${change}`);
  return { injection: { text, signal: name, quantile, change } };
};

/** What the baseline shows of a signal. */
export interface BaselineValue {
  readonly n: number;
  readonly mean: number;
  /** The value at the injection's quantile. */
  readonly quantile: number;
}

/** A rate is moved by giving or taking the event from the right part of the calls. */
const moveRate = (rate: number, target: number): Alteration | string => {
  if (target > 1 || target < 0)
    return `would make it ${fixedPercent(target, 1)}; expected a change that leaves it between 0% and 100%`;
  if (target >= rate) return { kind: "gain", share: rate < 1 ? (target - rate) / (1 - rate) : 0 };
  return { kind: "lose", share: (rate - target) / rate };
};

/** What has to be done to the calls, given what the baseline shows; text = why that cannot be. */
export const alterationFor = (
  { text, signal, quantile, change }: Injection,
  shown: BaselineValue,
): Alteration | string => {
  const kind = measuredKind(signalOf(signal).kind);
  switch (kind) {
    case "rate": {
      const target = change.kind === "factor" ? shown.mean * change.by : shown.mean + change.by;
      const alteration = moveRate(shown.mean, target);
      const rate = fixedPercent(shown.mean, 1);
      return typeof alteration === "string"
        ? `--inject ${text}: the baseline's rate is ${rate}, the change ${alteration}`
        : alteration;
    }
    case "score":
    case "value": {
      const above = quantile === null ? null : shown.quantile;
      return { kind: change.kind === "factor" ? "multiply" : "add", by: change.by, above };
    }
    case null:
      return `--inject ${text}: labels cannot be moved; expected one of ${NAMES.join(", ")}`;
    default:
      return unreachable(kind);
  }
};
