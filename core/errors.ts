/** Every stable error code of the product; each has a line in docs/errors.md. */
export type ErrorCode =
  | "config-invalid"
  | "config-missing"
  | "store-unavailable"
  | "store-locked"
  | "store-engine-missing"
  | "store-query"
  | "rows-refused"
  | "spool-full"
  | "listen-failed"
  | "agent-unreachable"
  | "migration-unknown"
  | "action-refused"
  | "flag-target"
  | "missing-package"
  | "tool-not-served"
  | "node-too-old"
  | "records-invalid"
  | "clock-wrong";

/**
 * The one error class of the product. `message` says what happened and what to do, in one line; `code` is stable
 * and never reused; `cause` keeps the original error. Secrets and model output never enter the message.
 */
export class LeewayError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "LeewayError";
    this.code = code;
  }
}

/** One line of text for any thrown value: the message of an Error (its class where it has none), else its string. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.split("\n", 1)[0] || error.name : String(error);
