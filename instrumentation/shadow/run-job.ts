import type { ComparedAnswer } from "../../features/pairs/compared-answer.ts";
import type { CallContext } from "../call-context.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { RunEnd, Running } from "./run-function.ts";
import type { RunJob } from "./second-job.ts";

/** A function of the app at work, and the model calls it was seen to make. */
export interface RunState {
  readonly job: RunJob;
  readonly running: Running;
  /** Calls that began so far. */
  readonly calls: { readonly begun: number };
  /** Those of them that were told of. */
  told: number;
  /** Of all that were told; null once one's are unknown. */
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  /** Of the latest call. */
  context: CallContext | null;
  /** Null until then. */
  end: RunEnd | null;
}

const plus = (sum: number | null, more: number | undefined): number | null =>
  sum === null || more === undefined ? null : sum + more;

/** Adds a call that it made. */
export const addCall = (state: RunState, { answer, context }: FinishedCall): void => {
  const { input, output, costUsd } = answer?.usage ?? {};
  state.told += 1;
  state.inputTokens = plus(state.inputTokens, input);
  state.outputTokens = plus(state.outputTokens, output);
  state.costUsd = plus(state.costUsd, costUsd);
  state.context = context;
};

/** The answer it gave, as one of a pair; what it does not say of its usage is the sum of the calls it was seen to make. */
export const runAnswer = (
  { job, told, ...seen }: RunState,
  { given, stubbed, durationMs }: Extract<RunEnd, { readonly outcome: "paired" }>,
): ComparedAnswer => {
  const { answer } = given;
  const of = (said: number | null, sum: number | null): number | null => said ?? (told === 0 ? null : sum);
  return {
    answer: job.unit === "run" ? { ...answer, toolCalls: [...stubbed, ...answer.toolCalls] } : answer,
    inputTokens: of(given.inputTokens, seen.inputTokens),
    outputTokens: of(given.outputTokens, seen.outputTokens),
    costUsd: of(given.costUsd, seen.costUsd),
    latencyMs: durationMs,
  };
};
