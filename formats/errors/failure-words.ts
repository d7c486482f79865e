import type { ErrorKind, RequestFault } from "../../core/error-kind.ts";
import type { Failure } from "./read-failure.ts";

/** A failure as a row holds it; all empty where there was none. */
export interface FailureWords {
  readonly error_kind: ErrorKind | "";
  readonly error_fault: RequestFault | "";
  readonly error_parameter: string;
}

/** Of a call that went well. */
export const NO_FAILURE: FailureWords = { error_kind: "", error_fault: "", error_parameter: "" };

/** The columns of a failure. */
export const failureWords = ({ kind, fault, parameter }: Failure): FailureWords => ({
  error_kind: kind,
  error_fault: fault ?? "",
  error_parameter: parameter,
});
