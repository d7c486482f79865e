import type { ReportedTokens } from "./reported-tokens.ts";
import type { Counted, UsageConvention } from "./usage-convention.ts";

/** Token counts in the conventions' sense: input with all cached tokens, output with reasoning. Null = unknown. */
export interface Tokens {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
}

/** Where parts may be counted: what has to be added to a count so that it holds them, the likeliest first. */
const additions = (parts: readonly number[], counted: Counted): readonly number[] => {
  const all = parts.reduce((sum, part) => sum + part, 0);
  if (all === 0) return [0];
  const either = counted === "apart" ? [all, 0] : [0, all];
  // Some senders leave out only what was read, or only what was written; the total has to say so.
  return [...either, ...parts.filter((part) => part > 0 && part < all)];
};

interface Sum {
  readonly input: number;
  readonly output: number;
}

/** The ways to count that are possible: no part is larger than what holds it. */
const possible = (reported: ReportedTokens, { cache, reasoning }: UsageConvention): readonly Sum[] => {
  const { cacheRead, cacheWrite, reasoning: thought } = reported;
  const [cached, thoughts] = [[cacheRead ?? 0, cacheWrite ?? 0], thought ?? 0];
  const holds = (count: number, parts: readonly number[]): boolean =>
    count >= parts.reduce((sum, part) => sum + part, 0);
  const inputs = additions(cached, cache)
    .map((more) => (reported.input ?? 0) + more)
    .filter((input) => reported.input === null || holds(input, cached));
  const outputs = additions([thoughts], reasoning)
    .map((more) => (reported.output ?? 0) + more)
    .filter((output) => reported.output === null || output >= thoughts);
  return outputs.flatMap((output) => inputs.map((input) => ({ input, output })));
};

/** Nearly every call: all parts fit, and the total is that of input and output, which proves them to be within. */
const isPlain = (
  { input, output, total, cacheRead, cacheWrite, reasoning }: ReportedTokens,
  convention: UsageConvention,
): boolean =>
  convention.total === "everything" &&
  input !== null &&
  output !== null &&
  total === input + output &&
  (cacheRead ?? 0) + (cacheWrite ?? 0) <= input &&
  (reasoning ?? 0) <= output;

/**
 * What was counted where. The total decides where it can; else what the convention says, as far as it is possible; else
 * parts are within. A total that is larger than all that is reported may have tokens of the output in it that nothing
 * else shows: thoughts (Gemini, also behind compatible endpoints).
 */
const summed = (reported: ReportedTokens, convention: UsageConvention): Sum => {
  const { input, output, total } = reported;
  if (isPlain(reported, convention)) return { input: input ?? 0, output: output ?? 0 };
  const sums = possible(reported, convention);
  const first = sums[0] ?? { input: input ?? 0, output: output ?? 0 };
  if (convention.total === "both" || total === null || input === null || output === null) return first;
  const proven = sums.find((sum) => sum.input + sum.output === total);
  if (proven !== undefined) return proven;
  const hasMore = convention.beyond === "output" && total > first.input + first.output;
  return hasMore ? { ...first, output: total - first.input } : first;
};

const isNothing = ({ input, output, total, cacheRead, cacheWrite, reasoning }: ReportedTokens): boolean =>
  !(input || output || total || cacheRead || cacheWrite || reasoning);

/**
 * Reported counts in one sense, whoever reported them. No part is ever larger than what holds it, and nothing is made
 * up: every count is a reported one, with parts of its own or what the total has beyond them. Counts of nothing at all
 * are unknown, and so is an input of nothing: there is no call without one.
 */
export const reconcile = (reported: ReportedTokens, convention: UsageConvention): Tokens => {
  if (isNothing(reported)) return { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null };
  const { input, output } = summed(reported, convention);
  const { cacheRead, cacheWrite, reasoning } = reported;
  return {
    input: reported.input === null || input === 0 ? null : input,
    output: reported.output === null ? null : output,
    ...{ cacheRead, cacheWrite, reasoning },
  };
};
