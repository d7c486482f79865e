import { textOf } from "../../formats/dialects/read/values.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";

/**
 * The first exception that a span tells of, empty where there is none: its type, and its message as SDKs raise it, with the
 * provider's body in it, which is read and not kept.
 */
export const exceptionOf = ({ events }: ReceivedSpan): { readonly type: string; readonly message: string } => {
  const attributes = events.find(({ name }) => name === "exception")?.attributes;
  const message = attributes?.get("exception.message");
  return { type: textOf(attributes?.get("exception.type")), message: typeof message === "string" ? message : "" };
};
