import type { Random } from "./random.ts";

/** A log-normal amount: its median and the standard deviation of its logarithm. */
export interface Spread {
  readonly median: number;
  /** 0 = always the median; 0.5 is typical for latency. */
  readonly sigma: number;
}

/**
 * One way a call goes wrong: an HTTP status with OpenAI's error body, `cut` (the connection breaks in the middle of
 * the answer) or `hang` (no answer until the client gives up).
 */
export type Failure = 400 | 401 | 404 | 429 | 500 | 503 | "cut" | "hang";

/** How a model of the fake provider behaves. Shares are 0-1; everything but `latencyMs` may be left out. */
export interface Behaviour {
  /** Time from request to last byte; a stream sends its first content after a third of it. */
  readonly latencyMs: Spread;
  /** Words per answer; default 60, sigma 0.4. */
  readonly words?: Spread;
  /** Chances of failing; they exclude one another and add up to at most 1. */
  readonly failures?: readonly { readonly share: number; readonly failure: Failure }[];
  /** Answers that refuse in their text. */
  readonly refusalShare?: number;
  /** Answers that wrap everything in a code fence, which also makes JSON answers invalid. */
  readonly fenceShare?: number;
  /** Answers cut at the token limit: finish reason `length`. */
  readonly truncatedShare?: number;
  /** Requests with tools that are answered by a tool call; default 1. */
  readonly toolCallShare?: number;
  /** Tool calls whose arguments are not JSON. */
  readonly brokenToolShare?: number;
  /** Reasoning tokens per answer, part of the completion tokens; default 0. */
  readonly reasoningTokens?: number;
  /** The same answer to the same messages, by whichever model is asked. Default: another one each time. */
  readonly isSteady?: boolean;
  /** Behaves otherwise where the messages of a request hold this text; the first that is found counts. */
  readonly where?: readonly { readonly says: string; readonly is: Partial<Behaviour> }[];
  /** `system_fingerprint` of the answers; default derived from the model's name. */
  readonly fingerprint?: string;
}

/** How the model behaves to a request whose messages are `messages`, as JSON. */
export const behaviourTo = (behaviour: Behaviour, messages: string): Behaviour => {
  const other = behaviour.where?.find(({ says }) => messages.includes(says));
  return other === undefined ? behaviour : { ...behaviour, ...other.is };
};

/** Everything random about one call, drawn in one go. */
export interface Draw {
  readonly failure: Failure | null;
  readonly latencyMs: number;
  readonly words: number;
  readonly refusal: boolean;
  readonly fence: boolean;
  readonly truncated: boolean;
  readonly toolCall: boolean;
  readonly brokenTool: boolean;
}

const drawFailure = (behaviour: Behaviour, at: number): Failure | null => {
  let upTo = 0;
  for (const { share, failure } of behaviour.failures ?? []) {
    upTo += share;
    if (at < upTo) return failure;
  }
  return null;
};

/** Words of one answer. */
export const drawWords = ({ words }: Behaviour, random: Random): number =>
  Math.max(1, Math.round(random.logNormal(words?.median ?? 60, words?.sigma ?? 0.4)));

/** Draws one call. Always takes the same number of random numbers, so that a change of shares keeps the rest. */
export const drawCall = (behaviour: Behaviour, random: Random): Draw => ({
  failure: drawFailure(behaviour, random.uniform()),
  latencyMs: random.logNormal(behaviour.latencyMs.median, behaviour.latencyMs.sigma),
  words: drawWords(behaviour, random),
  refusal: random.uniform() < (behaviour.refusalShare ?? 0),
  fence: random.uniform() < (behaviour.fenceShare ?? 0),
  truncated: random.uniform() < (behaviour.truncatedShare ?? 0),
  toolCall: random.uniform() < (behaviour.toolCallShare ?? 1),
  brokenTool: random.uniform() < (behaviour.brokenToolShare ?? 0),
});
