import { finishReason } from "../../core/finish-reason.ts";

/**
 * The finish reason of an answer in the one spelling; empty where none was given, and `unknown` where what was given says
 * nothing: such an answer is at its end all the same.
 */
export const statedReason = (given: unknown): string =>
  finishReason(given) || (given === undefined || given === null || given === "" ? "" : "unknown");
