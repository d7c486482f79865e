import { type ErrorCode, LeewayError } from "../core/errors.ts";

/** 0 ok, 1 the answer is "no", 2 bad usage or input, 3 the agent cannot be reached, 4 there is too little to answer from. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** What an agent ends with that a bug of its own has stopped: a supervisor may start it again, unlike after 2. */
export const EXIT_ON_BUG = 70;

const SAYS_NO: readonly ErrorCode[] = ["action-refused", "flag-target"];

/** The exit code an error ends the process with. A bug is 2, since 1 is an answer that scripts act on. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (!(error instanceof LeewayError)) return 2;
  if (error.code === "agent-unreachable") return 3;
  return SAYS_NO.includes(error.code) ? 1 : 2;
};
