import { ownErrorLine } from "./own-error-line.ts";
import { printLine } from "./print-line.ts";

const TOLD = Symbol.for("leeway.told");

/** Prints the line about an error of ours, for the first one of the process only. */
export const tellOwnError = (error: unknown): void => {
  const shared = globalThis as { [TOLD]?: true };
  if (shared[TOLD]) return;
  shared[TOLD] = true;
  printLine(ownErrorLine(error));
};

/** The same function, for the app or Node to call: what it throws is told, and `otherwise` returned. */
export const shield =
  <Arguments extends readonly unknown[], Result>(work: (...args: Arguments) => Result, otherwise: Result) =>
  (...args: Arguments): Result => {
    try {
      return work(...args);
    } catch (error) {
      tellOwnError(error);
      return otherwise;
    }
  };
