import type { AttemptHeaders } from "./attempt-headers.ts";

/** When the retry of an attempt that failed would come, ms after the failure. */
export interface RetryWait {
  readonly shortestMs: number;
  readonly longestMs: number;
}

const LONGEST_WISHED_MS = 60_000;

/** A timer may be a little early; an app's event loop may be busy, and then a retry is late. Time as proof is exact. */
const EARLY_MS = 5;
const LATE_MS = { count: 1000, headers: 1000, timing: 250 } as const;

const RETRIED = new Set([408, 409, 429]);

const statusIsRetried = (status: number, headers: Headers): boolean => {
  const wish = headers.get("x-should-retry");
  if (wish === "true" || wish === "false") return wish === "true";
  return RETRIED.has(status) || status >= 500;
};

/** The wait a provider asked for, in ms; null without a wish the SDKs follow. `now` is epoch ms. */
const wishedMs = (headers: Headers, now: number): number | null => {
  const exact = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  const text = headers.get("retry-after") ?? "";
  const seconds = Number.parseFloat(text);
  const wish = Number.isNaN(exact) ? (Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000) : exact;
  return wish >= 0 && wish <= LONGEST_WISHED_MS ? wish : null;
};

/**
 * When the retry of an attempt that failed would come; null when none will. SDKs retry 408, 409, 429, 5xx (unless
 * `x-should-retry` says otherwise), timeouts and network errors, after what the provider wishes, else by a back-off of
 * their own. Whether the app allows any more is not known, nor whether an abort was the app's or the SDK's own timeout.
 *
 * `response` is null where there was none; `now` is epoch ms.
 */
export const retryWait = (
  { habit, attempt }: Pick<AttemptHeaders, "habit" | "attempt">,
  response: Pick<Response, "status" | "headers"> | null,
  now: number,
): RetryWait | null => {
  if (habit === null || attempt >= habit.retries) return null;
  if (response !== null && !statusIsRetried(response.status, response.headers)) return null;
  const wish = response === null || !habit.heedsWishes ? null : wishedMs(response.headers, now);
  const [shortest, longest] = wish === null ? habit.wait(attempt) : [wish, wish];
  return { shortestMs: Math.max(0, shortest - EARLY_MS), longestMs: longest + LATE_MS[habit.knownBy] };
};
