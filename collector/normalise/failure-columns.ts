import { LEEWAY } from "../../core/attributes.ts";
import { isErrorKind, isRequestFault } from "../../core/error-kind.ts";
import type { SpanRow } from "../../core/span-row.ts";
import { textOf } from "../../formats/dialects/read/values.ts";
import { type FailureWords, failureWords, NO_FAILURE } from "../../formats/errors/failure-words.ts";
import { readFailure } from "../../formats/errors/read-failure.ts";
import { isParameter } from "../../formats/errors/request-parameters.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";
import { exceptionOf } from "./exception-of.ts";

/** What the preload read of the provider's answer itself; null where the span does not say it. */
const saidBy = ({ attributes }: ReceivedSpan): FailureWords | null => {
  const kind = attributes.get(LEEWAY.errorKind);
  if (!isErrorKind(kind)) return null;
  const fault = attributes.get(LEEWAY.errorFault);
  const parameter = textOf(attributes.get(LEEWAY.errorParameter));
  return {
    error_kind: kind,
    error_fault: isRequestFault(fault) ? fault : "",
    error_parameter: isParameter(parameter) ? parameter : "",
  };
};

/** What kind of failure a call that failed is, whoever made its span. */
export const failureColumns = (
  span: ReceivedSpan,
  { error, error_type, http_status }: Pick<SpanRow, "error" | "error_type" | "http_status">,
): FailureWords => {
  if (error === 0) return NO_FAILURE;
  const said = saidBy(span);
  if (said !== null) return said;
  const { type, message } = exceptionOf(span);
  return failureWords(readFailure(http_status, message, [error_type, type]));
};
