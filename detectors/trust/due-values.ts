import { MEASURES } from "../../core/measures.ts";
import type { RuleSignal, SignalName } from "../../core/signals.ts";

/**
 * Which calls owe a value of a signal.
 * - `answered`: every call that did not fail. A failed call may tell its tokens and mostly does not.
 * - `asked`: calls of a kind that the app chooses (streamed, asked for JSON, with text in the answer): as many in each arm.
 * - `chosen`: calls that the model itself makes such (with a tool, with a long answer): the arms may well differ.
 * - `later`: calls of which something becomes known after they ended, if ever.
 */
export type Due = "answered" | "asked" | "chosen" | "later";

const ANSWERED: readonly SignalName[] = ["latency_ms", "input_tokens", "output_tokens", "tokens_total", "cost_usd"];

const CHOSEN: readonly SignalName[] = ["tool_call_valid", "tool_call_missing", "tokens_per_char", "ms_per_token"];

/** Of these every call has a value, or has none for a reason that is no loss. */
const NEVER_MISSING: readonly SignalName[] = ["error", "support_tickets"];

/** The signal whose calls a rule rests on: the shape of the output is told by its features. */
export const signalOfRule = (signal: RuleSignal): SignalName =>
  signal === "output_shape" ? "output_features" : signal;

/** Which calls owe a value of `signal`; null where none can be missing. */
export const dueOf = (signal: SignalName): Due | null => {
  if (NEVER_MISSING.includes(signal)) return null;
  if (ANSWERED.includes(signal)) return "answered";
  if (CHOSEN.includes(signal)) return "chosen";
  const measure = Object.entries(MEASURES).find(([name]) => name === signal)?.[1];
  return measure === undefined || measure.from === "outcome" ? "later" : "asked";
};
