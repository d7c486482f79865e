import type { Delivery } from "../../core/notice.ts";
import { retryAfterMs } from "../../core/retry-after.ts";
import { httpCall } from "../http-call.ts";

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

/** How much of an answer is looked at, bytes. */
const ANSWER_BYTES = 1024;

/** Sends a POST and reads the start of the answer. Never rejects; see httpCall. */
export const httpPost = async (post: Post): Promise<PostResult> => {
  const answer = await httpCall({ ...post, method: "POST", maxBytes: ANSWER_BYTES });
  if ("error" in answer) return answer;
  return { status: answer.status, retryAfter: answer.headers.get("retry-after"), text: answer.text };
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
