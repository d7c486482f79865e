import { setTimeout as wait } from "node:timers/promises";
import { configInvalid } from "../agent/config/problem.ts";
import { builtInPrices, type Prices, readPrices } from "../agent/prices/prices.ts";
import type { PaceClock } from "../agent/replay/pace.ts";
import { LeewayError } from "../core/errors.ts";
import { parseDuration } from "../core/parse-amount.ts";
import type { Terminal } from "./terminal.ts";

/** An option that is missing (`found` left out) or not usable. */
export const invalid = (option: string, expected: string, found?: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `--${option}: ${found === undefined ? "missing" : JSON.stringify(found)}; expected ${expected}`,
  );

/** A whole number, or null where the option is not given. Throws LeewayError `config-invalid`, as the others here do. */
export const whole = (
  option: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
  throw invalid(option, `a whole number from ${least} to ${most}`, text);
};

/** A number above 0, or null where the option is not given. */
export const positive = (option: string, text: string | undefined): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^[\d.]+$/.test(text) && Number.isFinite(number) && number > 0) return number;
  throw invalid(option, "a number above 0", text);
};

/** Longest wait for an answer, ms; 2 minutes where the option is not given. */
export const timeoutOf = (text: string | undefined): number => {
  const ms = text === undefined ? 120_000 : parseDuration(text);
  if (ms !== null && ms >= 1000 && ms <= 3_600_000) return ms;
  throw invalid("timeout", "a duration from 1s to 1h", text);
};

/** A run ends when nothing was answered for so long, ms. */
export const PATIENCE_MS = 600_000;
/** Every positive whole number. */
export const ANY: readonly [number, number] = [1, 2 ** 31 - 1];

/** Prices of the file, or the built-in ones. */
export const pricesOf = (path: string | undefined): Prices => {
  if (path === undefined) return builtInPrices;
  const read = readPrices(path, path);
  if ("problems" in read) throw configInvalid(read.problems);
  return read;
};

/** The process's clock. */
export const clock: PaceClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};

/** Ends of a run that a person asks for. */
export interface Ending {
  /** Aborted when no further question is to be asked. */
  readonly ending: AbortSignal;
  /** Aborted when nothing is waited for any more. */
  readonly breaking: AbortSignal;
  /** Listens no more. */
  readonly stop: () => void;
}

/** The first request to end lets what is under way come in; the second waits for nothing. */
export const listen = (errors: Terminal): Ending => {
  const [ending, breaking] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (ending.signal.aborted) breaking.abort();
    else errors.print("\nending: what was asked is waited for; once more to wait for nothing\n");
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return {
    ending: ending.signal,
    breaking: breaking.signal,
    stop: () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    },
  };
};
