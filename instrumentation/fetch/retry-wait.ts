/** How an SDK that counts its attempts (`x-stainless-retry-count`) waits before the next one. */
const FIRST_MS = 500;
const LONGEST_MS = 8000;
const LONGEST_WISHED_MS = 60_000;

/** Added to every wait: the app's event loop may be busy. */
const SLACK_MS = 1000;

const RETRIED = new Set([408, 409, 429]);

const statusIsRetried = (status: number, headers: Headers): boolean => {
  const wish = headers.get("x-should-retry");
  if (wish === "true" || wish === "false") return wish === "true";
  return RETRIED.has(status) || status >= 500;
};

/** The wait a provider asked for, in ms; null without a wish the SDKs follow. `now` is epoch ms. */
const wishedMs = (headers: Headers, now: number): number | null => {
  const exact = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  const text = headers.get("retry-after") ?? "";
  const seconds = Number.parseFloat(text);
  const wish = Number.isNaN(exact) ? (Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000) : exact;
  return wish >= 0 && wish <= LONGEST_WISHED_MS ? wish : null;
};

/**
 * How long to wait, in ms, for the retry of an attempt that failed; null when none will come. These are the rules of
 * the OpenAI and Anthropic SDKs: they retry 408, 409, 429, 5xx (unless `x-should-retry` says otherwise), timeouts and
 * network errors, after what the provider wishes, else after 0.5 s, 1 s, 2 s, … up to 8 s. Whether any attempts are
 * left is not known, nor whether an abort was the app's or the SDK's own timeout.
 *
 * `attempt` is the number of the one that failed, null when its SDK does not count; `response` is null where there was
 * none; `now` is epoch ms.
 */
export const retryWait = (
  attempt: number | null,
  response: Pick<Response, "status" | "headers"> | null,
  now: number,
): number | null => {
  if (attempt === null) return null;
  if (response !== null && !statusIsRetried(response.status, response.headers)) return null;
  const wish = response === null ? null : wishedMs(response.headers, now);
  return (wish ?? Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS)) + SLACK_MS;
};
