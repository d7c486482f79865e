import type { ErrorKind, RequestFault } from "../../core/error-kind.ts";
import { type ErrorFacts, errorFacts } from "./error-facts.ts";
import { errorKindOf } from "./error-kind.ts";
import { requestFaultOf } from "./request-fault.ts";
import { parameterOf } from "./request-parameters.ts";

/** A failure in words of a few, none of them the provider's or the user's. */
export interface Failure {
  readonly kind: ErrorKind;
  /** What is wrong with the request; null where it is not the request, or unknown. */
  readonly fault: RequestFault | null;
  /** The parameter that is; empty = unknown. */
  readonly parameter: string;
}

/** The failure behind what is known of it. */
export const failureOf = (facts: ErrorFacts): Failure => {
  const kind = errorKindOf(facts);
  const isRequest = kind === "request";
  const fault = isRequest ? requestFaultOf(facts) : null;
  const isAboutOne = isRequest && fault !== "context-length";
  return { kind, fault, parameter: isAboutOne ? parameterOf(facts.parameter, facts.message) : "" };
};

/**
 * Reads a failed call: its HTTP status (null = none), the body it was refused with (any text, empty = unknown) and what
 * else names it: the error's class, `error.type`, a header's code.
 */
export const readFailure = (status: number | null, body: string, codes: readonly string[] = []): Failure =>
  failureOf(errorFacts(status, body, codes));
