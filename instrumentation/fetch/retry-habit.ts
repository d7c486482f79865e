/** How an SDK tries again by itself. Of one that is not known nothing is assumed. */
export interface RetryHabit {
  /**
   * What tells its retry from another call of the app. `count`: it numbers its attempts. `headers`: every attempt of a
   * call is sent with the one object of headers that was made for it. `timing`: it comes when the SDK's own back-off
   * ends, neither earlier nor later.
   */
  readonly knownBy: "count" | "headers" | "timing";
  /** Retries it makes unless told otherwise; more are calls of their own. Infinity where it numbers them. */
  readonly retries: number;
  /** Shortest and longest wait, ms, after the failed attempt of this number (from 0), without a wish of the provider. */
  readonly wait: (attempt: number) => readonly [shortestMs: number, longestMs: number];
  /** True where it waits as long as the provider wishes instead. */
  readonly heedsWishes: boolean;
}

const doubling =
  (shortestMs: number, longestMs: number): RetryHabit["wait"] =>
  (attempt) => [shortestMs * 2 ** attempt, longestMs * 2 ** attempt];

/** SDKs made with Stainless (OpenAI, Anthropic and others): 0.5 s, 1 s, 2 s, … up to 8 s, at most a quarter less. */
const COUNTED: RetryHabit = {
  ...{ knownBy: "count", retries: Number.POSITIVE_INFINITY, heedsWishes: true },
  wait: (attempt) => [0, Math.min(500 * 2 ** attempt, 8000)],
};

/** Vercel's AI SDK (6, 7): 2 s, 4 s, without chance. It makes a new request of every attempt. */
const AI_SDK: RetryHabit = { knownBy: "timing", retries: 2, wait: doubling(2000, 2000), heedsWishes: true };

/**
 * LangChain (1.x) tries again by itself, with an OpenAI client that does not, and so numbers every attempt 0: after
 * 1 s to 2 s, doubling, whatever the provider wishes.
 */
const LANGCHAIN: RetryHabit = { knownBy: "timing", retries: 6, wait: doubling(1000, 2000), heedsWishes: false };

/** Cohere's SDK (8): 1 s and 2 s, a tenth more or less. */
const COHERE: RetryHabit = { knownBy: "headers", retries: 2, wait: doubling(900, 1100), heedsWishes: true };

/** Google's SDK (2, 3), where the app gave it `retryOptions`: 1 s to 2 s, doubling, unless they say otherwise. */
const GOOGLE: RetryHabit = { knownBy: "headers", retries: 4, wait: doubling(0, 2000), heedsWishes: false };

/** True for an attempt that its SDK numbers as the first: it repeats nothing. */
export const isNumberedFirst = (habit: RetryHabit, attempt: number): boolean =>
  habit.knownBy === "count" && attempt === 0;

/**
 * How the SDK that sent these headers tries again, `isNumbered` where they number the attempt; null = not known, or not
 * at all. Read from the SDKs in 2026-11.
 */
export const retryHabitOf = (headers: Headers, isNumbered: boolean): RetryHabit | null => {
  const agent = headers.get("user-agent") ?? "";
  if (agent.includes("langchainjs-")) return LANGCHAIN;
  if (isNumbered) return COUNTED;
  if (/(?:^| )ai\/\d/.test(agent)) return AI_SDK;
  if (agent.startsWith("cohere-ai/")) return COHERE;
  return headers.get("x-goog-api-client")?.includes("google-genai-sdk/") ? GOOGLE : null;
};
