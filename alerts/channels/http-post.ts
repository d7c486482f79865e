import type { Delivery } from "../../core/notice.ts";

/** One POST, ready to send. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** The answer, or why there is none. `text` holds the first characters of the body only. */
export type PostResult =
  | { readonly status: number; readonly retryAfter: string | null; readonly text: string }
  | { readonly error: string };

/** How much of an answer is looked at, bytes. An endless answer must not fill the memory. */
const ANSWER_BYTES = 1024;

const readStart = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (bytes >= ANSWER_BYTES) break;
  }
  return text.slice(0, ANSWER_BYTES);
};

/** A code such as ECONNRESET. Never the message: it repeats the address, and that may be a secret. */
const codeOf = (error: unknown): string => {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    if ("code" in e && typeof e.code === "string" && /^[A-Z0-9_]{2,40}$/.test(e.code)) return e.code;
  }
  return "no connection";
};

/**
 * Sends a POST and reads the start of the answer. Never rejects. Redirects are not followed: a signed notice or a
 * secret address must not reach a host nobody configured.
 */
export const httpPost = async ({ url, headers, body, signal }: Post): Promise<PostResult> => {
  try {
    const response = await fetch(url, { method: "POST", redirect: "manual", headers, body, signal });
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      text: await readStart(response),
    };
  } catch (error) {
    return { error: signal.aborted ? "no answer in time" : `network error: ${codeOf(error)}` };
  }
};

/** `Retry-After` in ms from `now`: seconds or an HTTP date. Null when absent, malformed or past. */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  if (header === null) return null;
  const ms = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? ms : null;
};

const isRetryable = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** What an unsuccessful answer means: 408, 429, 5xx and network errors are worth another try, the rest is final. */
export const toDelivery = (result: PostResult, reason: string, now: number): Delivery => {
  if ("error" in result) return { outcome: "retry", detail: result.error, retryAfterMs: null };
  const detail = `HTTP ${result.status}${reason && `: ${reason}`}`;
  if (isRetryable(result.status)) {
    return { outcome: "retry", detail, retryAfterMs: retryAfterMs(result.retryAfter, now) };
  }
  return { outcome: "failed", detail };
};
