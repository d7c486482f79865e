const TIMEOUTS = /^(?:UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/;

/** The SDK starts its timer before we start our watch, and timers fire up to a millisecond early. */
const EARLY_MS = 20;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

const textCode = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : "";
};

/** The code of what caused the error, else its own: fetch wraps network errors, other clients throw them as they are. */
const codeOf = (error: unknown): string => (error instanceof Error ? textCode(error.cause) || textCode(error) : "");

/**
 * `error.type` for what made a request or its body fail: `timeout`, `aborted`, else the network error's code
 * (`ECONNREFUSED`, `UND_ERR_SOCKET`) or the exception's class. Never the message, which may quote content.
 *
 * The OpenAI and Anthropic SDKs enforce their timeout by aborting, exactly like a caller who gives up; they also send
 * the timeout as a header. An abort after `timeoutMs` (null = unknown) therefore counts as a timeout.
 */
export const errorType = (
  error: unknown,
  signal: AbortSignal | null,
  elapsedMs: number,
  timeoutMs: number | null,
): string => {
  if (nameOf(error) === "TimeoutError" || nameOf(signal?.reason) === "TimeoutError") return "timeout";
  if (signal?.aborted || nameOf(error) === "AbortError") {
    return timeoutMs !== null && elapsedMs + EARLY_MS >= timeoutMs ? "timeout" : "aborted";
  }
  const code = codeOf(error);
  return TIMEOUTS.test(code) ? "timeout" : code || nameOf(error) || "unknown";
};
