import { type RetryHabit, retryHabitOf } from "./retry-habit.ts";

/** What the headers of a request say about its attempt. */
export interface AttemptHeaders {
  /** How its SDK tries again; null = not known. */
  readonly habit: RetryHabit | null;
  /** Number of the attempt, from 0; 0 where the SDK does not count. */
  readonly attempt: number;
}

const wholeNumber = (text: string | null): number => (text && /^\d{1,9}$/.test(text) ? Number(text) : 0);

/** Reads the headers by which SDKs tell of themselves: those made with Stainless (OpenAI's, Anthropic's) count. */
export const readAttemptHeaders = (headers: Headers): AttemptHeaders => {
  const count = headers.get("x-stainless-retry-count");
  return { habit: retryHabitOf(headers, count !== null), attempt: wholeNumber(count) };
};

/** The SDK's timeout in ms; null = unknown: the header is cut to whole seconds, so that 0 says nothing. */
export const timeoutOf = (headers: Headers): number | null =>
  wholeNumber(headers.get("x-stainless-timeout")) * 1000 || null;

/** Empty without one. */
export const idempotencyKeyOf = (headers: Headers): string => headers.get("idempotency-key") ?? "";
