import { finishReason } from "../../core/finish-reason.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { saysFailed } from "../../formats/dialects/read/says-failed.ts";
import { countOf, textOf } from "../../formats/dialects/read/values.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";
import { exceptionOf } from "./exception-of.ts";

const STATUS_ERROR = 2;

/** True when the call failed. An exception event alone is no proof: it may have been handled. */
const hasFailed = (span: ReceivedSpan, errorType: string): boolean =>
  errorType !== "" || span.statusCode === STATUS_ERROR || saysFailed(span);

const httpStatusOf = (read: FieldReader, errorType: string): number | null => {
  const status = countOf(read("http_status")) ?? (/^[1-5]\d\d$/.test(errorType) ? Number(errorType) : null);
  return status !== null && status >= 100 && status <= 599 ? status : null;
};

/** How a call ended. A failed call whose sender gave no class has the conventions' `_OTHER`. */
export const callOutcome = (
  span: ReceivedSpan,
  read: FieldReader,
): Pick<SpanRow, "error" | "error_type" | "http_status" | "finish_reason"> => {
  const reported = textOf(read("error_type"));
  const failed = hasFailed(span, reported);
  const status = httpStatusOf(read, reported);
  const derived = exceptionOf(span).type || (status !== null && status >= 400 ? String(status) : "_OTHER");
  return {
    error: failed ? 1 : 0,
    error_type: failed ? reported || derived : "",
    http_status: status,
    finish_reason: finishReason(read("finish_reason")),
  };
};
