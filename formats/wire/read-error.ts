import { isRecord } from "../../features/is-record.ts";
import { textOf } from "../json/read-json.ts";

/**
 * A short code for an `error` object a provider sent with status 200. Only identifiers are taken over; the message
 * may quote the prompt. Null when there is no error.
 */
export const readError = (error: unknown): string | null => {
  if (error == null) return null;
  const named = isRecord(error) ? [error.code, error.type, error.status] : [];
  const code = named.find((name) => /^[\w.-]{1,64}$/.test(typeof name === "number" ? String(name) : textOf(name)));
  return code === undefined ? "provider_error" : String(code);
};
