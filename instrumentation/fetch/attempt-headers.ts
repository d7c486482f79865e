/** What the headers of a request say about its attempt. */
export interface AttemptHeaders {
  /** Number of the attempt, from 0; null when the SDK does not count. */
  readonly attempt: number | null;
  /** The SDK's timeout; null = unknown. */
  readonly timeoutMs: number | null;
  /** Empty without one. */
  readonly idempotencyKey: string;
}

const wholeNumber = (text: string | null): number | null => (text && /^\d{1,9}$/.test(text) ? Number(text) : null);

/** Reads the headers that SDKs made with Stainless send (OpenAI's, Anthropic's and others). */
export const readAttemptHeaders = (headers: Headers): AttemptHeaders => {
  const seconds = wholeNumber(headers.get("x-stainless-timeout"));
  return {
    attempt: wholeNumber(headers.get("x-stainless-retry-count")),
    // The header is cut to whole seconds, so that 0 says nothing.
    timeoutMs: seconds ? seconds * 1000 : null,
    idempotencyKey: headers.get("idempotency-key") ?? "",
  };
};
