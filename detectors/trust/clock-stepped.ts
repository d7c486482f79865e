import { lengthText } from "../../core/length-text.ts";
import type { TrustPart } from "./trust-part.ts";

const byText = (stepMs: number): string =>
  `${lengthText(Math.abs(stepMs))} ${stepMs > 0 ? "ahead of" : "behind"} the time that passed`;

/**
 * The clock of an agent's machine was set while it judged: which calls are in which tick may be off by as much, and so
 * may the moments in the ledger. Says what its ticks say, and is over with them.
 */
export const createClockStepped = (): TrustPart => {
  let stepMs: number | null = null;
  return {
    step: ({ intake }) => {
      stepMs = intake?.clockStepMs ?? null;
    },
    doubt: () => (stepMs === null ? null : `the clock of the agent's machine was set ${byText(stepMs)}`),
  };
};
