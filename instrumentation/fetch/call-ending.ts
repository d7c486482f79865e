import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import type { BodyRecorder } from "./body-recorder.ts";

/** How a call ended. */
export interface Ending {
  /** Monotonic ms. */
  readonly endTick: number;
  readonly errorType: string | null;
  /** True where the answer may be whole all the same: the app stopped reading after the last event. */
  readonly unlessComplete: boolean;
}

/** Error of a call whose body was read to `ending`: the ending's own, the provider's, or `incomplete`. */
export const finalError = (ending: Ending, recorder: BodyRecorder | null, facts: AnswerFacts | null): string | null => {
  if (facts?.error) return facts.error;
  if (ending.errorType !== null) return ending.unlessComplete && facts?.complete ? null : ending.errorType;
  return recorder === null || facts === null || facts.complete ? null : "incomplete";
};
