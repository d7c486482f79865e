/** One HTTP request, ready to send. */
export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Left out = none. */
  readonly body?: string;
  readonly signal: AbortSignal;
  /** How much of the answer is read, bytes: an endless one must not fill the memory. */
  readonly maxBytes: number;
}

/** The answer, or why there is none: one line without an address. */
export type HttpAnswer =
  | {
      readonly status: number;
      readonly headers: Headers;
      /** The body, or as much of it as was read. */
      readonly text: string;
      readonly isWhole: boolean;
    }
  | { readonly error: string };

const readUpTo = async (response: Response, maxBytes: number): Promise<{ text: string; isWhole: boolean }> => {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    const left = maxBytes - bytes;
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { text, isWhole: false };
  }
  return { text: text + decoder.decode(), isWhole: true };
};

/** A code such as ECONNRESET, also of a cause; "no connection" without one. Never the message: it repeats the address, and that may be a secret. */
export const codeOfError = (error: unknown): string => {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    if ("code" in e && typeof e.code === "string" && /^[A-Z0-9_]{2,40}$/.test(e.code)) return e.code;
  }
  return "no connection";
};

/**
 * Sends one request and reads its answer. Never rejects. Redirects are not followed: a token, a signed notice or a secret
 * address must not reach a host nobody configured.
 */
export const httpCall = async ({ url, signal, maxBytes, ...request }: HttpCall): Promise<HttpAnswer> => {
  try {
    const response = await fetch(url, { ...request, redirect: "manual", signal });
    return { status: response.status, headers: response.headers, ...(await readUpTo(response, maxBytes)) };
  } catch (error) {
    return { error: signal.aborted ? "no answer in time" : `network error: ${codeOfError(error)}` };
  }
};
