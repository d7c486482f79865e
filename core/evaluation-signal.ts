import { MEASURES } from "./measures.ts";
import { shortText } from "./short-text.ts";

/** The signal of what arrives under one evaluation's name, whatever the name: `evaluation.groundedness`. */
export type EvaluationSignal = `evaluation.${string}`;

const PREFIX = "evaluation.";

/** Names that can be written: what evaluations are called. Compared exactly, capital letters too. */
const NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** True when `name` begins as the signal of an evaluation does. */
export const isEvaluationSignal = (name: string): name is EvaluationSignal => name.startsWith(PREFIX);

/** The signal of the evaluations of that name. */
export const evaluationSignal = (name: string): EvaluationSignal => `${PREFIX}${name}`;

/** What the evaluations of a signal are called: `groundedness` of `evaluation.groundedness`. */
export const evaluationName = (signal: EvaluationSignal): string => signal.slice(PREFIX.length);

/** The names of the evaluations among `signals`, each once. */
export const evaluationNames = (signals: readonly string[]): readonly string[] => [
  ...new Set(signals.filter(isEvaluationSignal).map(evaluationName)),
];

/** Longer names are not repeated in full. */
const MAX_SHOWN = 40;

/** The signal of the catalogue that outcomes of this name make; null for a name of the app's own. */
const signalOfOutcome = (name: string): string | null =>
  Object.entries(MEASURES).find(
    ([, measure]) => measure.from === "outcome" && measure.named.some((each) => each === name),
  )?.[0] ?? null;

/** What is wrong with a signal that begins as an evaluation's does; null where nothing is. One line for people. */
export const evaluationProblem = (signal: EvaluationSignal): string | null => {
  const name = evaluationName(signal);
  if (!NAME.test(name)) {
    return `${JSON.stringify(shortText(signal, MAX_SHOWN))}; expected evaluation. and a name of 1 to 100 letters, digits, . _ -`;
  }
  const known = signalOfOutcome(name);
  return known === null ? null : `evaluations called ${name} have a signal of their own; expected signal: ${known}`;
};
