import { normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { SIGNALS } from "../../../core/signals.ts";
import { ABSENT, binOfBucket, bucketOfBin, CALL_SIGNALS, signalIndex } from "./call-signals.ts";
import {
  type ClumpedRate,
  CONVERSATION,
  FORMS,
  INPUT_TYPES,
  MEDIANS,
  RATES,
  SCORED_SHARE,
  SPREAD,
  TOOL_SHARE,
} from "./healthy-app.ts";

const SEED = 20_261_120;
const PER_TYPE = 4000;

/** Numbers kept per conversation and signal for design effects: calls, sum, sum of squares. */
export const SUMS = 3;

/**
 * All conversations that people ever have with the simulated application, drawn once: both arms draw from this
 * population, with replacement, so that it is the exact distribution of both.
 */
export interface ConversationPool {
  readonly perType: number;
  /** Conversation i has the calls from firstCall[i] up to firstCall[i + 1]. Those of type t begin at t * perType. */
  readonly firstCall: Int32Array;
  /** Bin per call and signal (call * signals + signal), or ABSENT. */
  readonly bins: Int16Array;
  /** Calls, sum and sum of squares per conversation and signal, of the numbers design effects are taken from. */
  readonly sums: Float64Array;
}

const WIDTH = CALL_SIGNALS.length;

const pickBy = (shares: readonly number[], at: number): number => {
  let left = at;
  for (let i = 0; i < shares.length; i++) {
    left -= shares[i] ?? 0;
    if (left < 0) return i;
  }
  return shares.length - 1;
};

/** One conversation's calls, as bins in the order of CALL_SIGNALS. */
const drawConversation = (random: () => number, type: number): readonly Int16Array[] => {
  const rateOf = ({ share, often, seldom }: ClumpedRate): number => (random() < share ? often : seldom);
  const rates = {
    error: rateOf(RATES.error),
    truncated: rateOf(RATES.truncated),
    refusal: rateOf(RATES.refusal),
    invalidTool: rateOf(RATES.invalidTool),
    fence: rateOf(RATES.fence),
    bullets: rateOf(RATES.bullets),
    preamble: rateOf(RATES.preamble),
  };
  const common = SPREAD.conversation * normalFrom(random);
  const form = pickBy(FORMS.shares, random());
  const happens = (rate: number): number => (random() < rate ? 1 : 0);

  const drawCall = (): Int16Array => {
    const call = new Int16Array(WIDTH).fill(ABSENT);
    const put = (signal: (typeof CALL_SIGNALS)[number], bin: number): void => {
      call[signalIndex(signal)] = bin;
    };
    put("error", happens(rates.error));
    if (call[signalIndex("error")] === 1) return call;
    const size = (INPUT_TYPES[type]?.size ?? 0) + common + SPREAD.size * normalFrom(random);
    put("tokens_total", binOfBucket(MEDIANS.tokens_total + size));
    put("cost_usd", binOfBucket(MEDIANS.cost_usd + size));
    put("output_chars", binOfBucket(MEDIANS.output_chars + 1.2 * size));
    put("latency_ms", binOfBucket(MEDIANS.latency_ms + 0.6 * size + SPREAD.speed * normalFrom(random)));
    put("ttft_ms", binOfBucket(MEDIANS.ttft_ms + SPREAD.speed * normalFrom(random)));
    const [isTruncated, isRefusal] = [happens(rates.truncated), happens(rates.refusal)];
    put("truncated", isTruncated);
    put("finish_reason", isTruncated);
    put("refusal", isRefusal);
    put("refusal_class", isRefusal);
    put("code_fence", happens(rates.fence));
    put("bullets", happens(rates.bullets));
    put("preamble", happens(rates.preamble));
    put("answer_form", random() < FORMS.habit ? form : pickBy(FORMS.shares, random()));
    if (random() < TOOL_SHARE) put("tool_call_valid", 1 - happens(rates.invalidTool));
    const score = 82 + 12 * normalFrom(random) - 0.05 * common;
    if (random() < SCORED_SHARE) put("quality", 5 * Math.round(Math.min(100, Math.max(0, score)) / 5));
    return call;
  };

  const calls = [drawCall()];
  while (calls.length < CONVERSATION.most && random() < CONVERSATION.more) calls.push(drawCall());
  return calls;
};

/** What a bin is worth to a design effect, as in the store: a label by a coin flip, an amount by its logarithm. */
const likenessValue = (signal: (typeof CALL_SIGNALS)[number], bin: number): number => {
  const { kind } = SIGNALS[signal];
  if (kind === "category") return bin % 2;
  return kind === "value" ? bucketOfBin(bin) / 100 : bin;
};

const sumsOf = (calls: readonly Int16Array[]): Float64Array => {
  const sums = new Float64Array(WIDTH * SUMS);
  for (const call of calls) {
    CALL_SIGNALS.forEach((signal, s) => {
      const bin = call[s] ?? ABSENT;
      if (bin === ABSENT) return;
      const value = likenessValue(signal, bin);
      [1, value, value * value].forEach((term, i) => {
        sums[s * SUMS + i] = (sums[s * SUMS + i] ?? 0) + term;
      });
    });
  }
  return sums;
};

/** The population, always the same. */
export const createConversationPool = (): ConversationPool => {
  const random = seededRandom(SEED);
  const conversations = INPUT_TYPES.flatMap((_, type) =>
    Array.from({ length: PER_TYPE }, () => drawConversation(random, type)),
  );
  const firstCall = new Int32Array(conversations.length + 1);
  conversations.forEach((calls, i) => {
    firstCall[i + 1] = (firstCall[i] ?? 0) + calls.length;
  });
  const bins = new Int16Array((firstCall.at(-1) ?? 0) * WIDTH);
  const sums = new Float64Array(conversations.length * WIDTH * SUMS);
  conversations.forEach((calls, i) => {
    calls.forEach((call, c) => {
      bins.set(call, ((firstCall[i] ?? 0) + c) * WIDTH);
    });
    sums.set(sumsOf(calls), i * WIDTH * SUMS);
  });
  return { perType: PER_TYPE, firstCall, bins, sums };
};
