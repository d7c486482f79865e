// The application of the end-to-end simulation. Both arms draw from it: whatever is decided against the candidate is a
// false alarm. Its calls are as alike within a conversation as those of real ones, and nothing is constant in time.

/** Input types, their share of the calls, and how much longer or shorter their answers are (in log-buckets of 1%). */
export const INPUT_TYPES: readonly { readonly name: string; readonly share: number; readonly size: number }[] = [
  { name: "faq", share: 0.45, size: -20 },
  { name: "howto", share: 0.3, size: 0 },
  { name: "bug", share: 0.17, size: 24 },
  { name: "legal", share: 0.08, size: 45 },
];

/** Languages and their share of the conversations. */
export const LANGUAGES: readonly { readonly name: string; readonly share: number }[] = [
  { name: "en", share: 0.8 },
  { name: "de", share: 0.2 },
];

/**
 * A rate whose events come in clumps: in `share` of the conversations a call has the event with probability `often`, in
 * the others with probability `seldom`.
 */
export interface ClumpedRate {
  readonly share: number;
  readonly often: number;
  readonly seldom: number;
}

/** Mean rates: error 1.0%, truncated 0.6%, refusal 3.9%, invalid tool calls 3%, fences 15%, bullets 29%, preambles 10%. */
export const RATES: Readonly<
  Record<"error" | "truncated" | "refusal" | "invalidTool" | "fence" | "bullets" | "preamble", ClumpedRate>
> = {
  error: { share: 0.02, often: 0.3, seldom: 0.004 },
  truncated: { share: 0.05, often: 0.05, seldom: 0.0035 },
  refusal: { share: 0.05, often: 0.4, seldom: 0.02 },
  invalidTool: { share: 0.05, often: 0.3, seldom: 0.016 },
  fence: { share: 0.2, often: 0.6, seldom: 0.038 },
  bullets: { share: 0.4, often: 0.55, seldom: 0.12 },
  preamble: { share: 0.3, often: 0.25, seldom: 0.036 },
};

/** Share of the calls that offer a tool and call it, that are scored by a judge, and of conversations with a ticket. */
export const TOOL_SHARE = 0.4;
export const SCORED_SHARE = 0.1;
export const TICKET_SHARE = 0.1;

/** Medians, as log-buckets of 1%: floor(ln(x) / ln(1.01)). */
export const MEDIANS = {
  latency_ms: 602, // 400 ms
  ttft_ms: 509, // 160 ms
  tokens_total: 671, // 800
  cost_usd: -564, // 0.00365
  output_chars: 602, // 400
} as const;

/** Standard deviations in log-buckets (100 are about e): of conversations, of calls in size, of calls in speed. */
export const SPREAD = { conversation: 25, size: 40, speed: 30 } as const;

/** Calls of a conversation: 1 + geometric, at most `most`; the calls are `gapMinutes` apart. */
export const CONVERSATION = { more: 0.75, most: 12, meanCalls: 3.88, gapMinutes: 2 } as const;

/** Calls a minute on average; the day swings around it by `swing`, weekends have `weekend` of it. */
export const TRAFFIC = { callsPerMinute: 150, swing: 0.7, weekend: 0.6 } as const;

/** Share of conversations whose spans arrive late, by 1 to `most` minutes; three times as many in an incident. */
export const LATE = { share: 0.05, most: 5 } as const;

/** Share of the hours in which the provider is slow (latency times 3) or fails (15% errors), for both arms. */
export const INCIDENTS = { slow: 0.02, failing: 0.01, slowBuckets: 110, errorRate: 0.15 } as const;

/** Labels with their probabilities; with probability `habit` a conversation repeats its own. */
export const FORMS = { labels: ["prose", "list", "json", "line"], shares: [0.55, 0.2, 0.15, 0.1], habit: 0.5 } as const;

const MINUTES_A_DAY = 1440;

/** Calls a minute at `minute`, the first of which is midnight of a Monday. */
export const callsPerMinuteAt = (minute: number): number => {
  const day = Math.floor(minute / MINUTES_A_DAY) % 7;
  const wave = 1 - TRAFFIC.swing * Math.cos((2 * Math.PI * (minute - 240)) / MINUTES_A_DAY);
  return TRAFFIC.callsPerMinute * wave * (day >= 5 ? TRAFFIC.weekend : 1);
};

/** Shares of the input types at `minute`, cumulated up to 1: the mix of the night is another than that of the day. */
export const typesUpToAt = (minute: number): readonly number[] => {
  const turn = (2 * Math.PI * minute) / MINUTES_A_DAY;
  const weights = INPUT_TYPES.map(({ share }, i) => share * (1 + 0.5 * Math.cos(turn - i)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  return weights.map((weight, i) => {
    upTo += weight / total;
    return i === weights.length - 1 ? 1 : upTo;
  });
};

/** Latency's shift at `minute` in log-buckets: the busy hours are slower, for both arms. */
export const loadShiftAt = (minute: number): number =>
  Math.round(-8 * Math.cos((2 * Math.PI * (minute - 240)) / MINUTES_A_DAY));
