import type { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { retryAfterMs } from "../../core/retry-after.ts";
import { clamp } from "../clamp.ts";
import { type HttpCall, httpCall } from "../http-call.ts";
import type { FlagReadFailure } from "./flag-target.ts";

/** An answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** How one flag system is reached. */
export interface VendorApiSettings {
  /** `https://app.launchdarkly.com`, without a slash at the end. */
  readonly base: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values that are never repeated, in whatever answer they come back. */
  readonly secrets: readonly string[];
  readonly now: () => number;
  /** Longest wait for one answer, ms. Default 5 s: a flip makes several calls within its ten. */
  readonly timeoutMs?: number | undefined;
  /** What a refusal means where this vendor means something else by it than HTTP does; null = as HTTP has it. */
  readonly refusal?: (refusal: Refusal) => { readonly why?: FlagReadFailure["why"]; readonly detail?: string } | null;
  /** How long the vendor's own headers ask to be left alone, ms; null = they do not. `Retry-After` goes first. */
  readonly wait?: (headers: Headers, now: number) => number | null;
}

/** One request of a flag system's API. */
export interface VendorRequest<T> {
  /** What it is for, as the end of "could not be done: …": `reading the flag`. In every failure. */
  readonly what: string;
  readonly method: HttpCall["method"];
  /** From the first slash on, encoded. Never shown. */
  readonly path: string;
  /** Sent as JSON; left out = no body. */
  readonly body?: unknown;
  /** Beside those of the settings. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What of the answer is needed. Other keys may be there. */
  readonly answer: z.ZodType<T>;
}

/** The answer in the shape that was asked for, or why there is none. */
export type VendorAnswer<T> =
  | { readonly outcome: "answered"; readonly status: number; readonly value: T; readonly headers: Headers }
  | FlagReadFailure;

/** The management API of one flag system. */
export type VendorApi = <T>(request: VendorRequest<T>) => Promise<VendorAnswer<T>>;

/** A flag with hundreds of rules is some hundred kB. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_DETAIL = 300;

const WHY_BY_STATUS: Readonly<Record<number, FlagReadFailure["why"]>> = {
  401: "auth",
  403: "auth",
  404: "not-found",
  408: "transient",
  409: "conflict",
  412: "conflict",
  423: "approval-required",
  425: "transient",
  429: "rate-limited",
};

const ADVICE: Partial<Record<FlagReadFailure["why"], string>> = {
  auth: "the token is not accepted for this; see docs/flags.md for the right it needs",
  "not-found": "there is no such thing under this name; check the flag, the project and the environment",
};

const whyOf = (status: number): FlagReadFailure["why"] =>
  WHY_BY_STATUS[status] ?? (status >= 500 ? "transient" : "permanent");

const parseJson = (text: string): unknown => {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Calls one flag system's API. Never rejects: what the other side does is a failure with its kind, on one line, without a
 * secret. Answers are checked before they are believed; a page of a proxy (no JSON) is worth another try.
 */
export const createVendorApi = (settings: VendorApiSettings): VendorApi => {
  const { base, headers, secrets, now, timeoutMs = 5_000, refusal, wait } = settings;

  const without = (text: string): string =>
    secrets.filter((secret) => secret !== "").reduce((rest, secret) => rest.replaceAll(secret, "***"), text);

  const failure = (
    what: string,
    why: FlagReadFailure["why"],
    detail: string,
    retryAfter: number | null = null,
  ): FlagReadFailure => ({
    outcome: "failed",
    why,
    detail: clamp(printableLine(without(`${what}: ${detail}`)), MAX_DETAIL),
    retryAfterMs: retryAfter,
  });

  const refused = (what: string, answer: Refusal): FlagReadFailure => {
    const { status } = answer;
    const meant = refusal?.(answer) ?? {};
    const why = meant.why ?? whyOf(status);
    const isRedirect = status >= 300 && status < 400;
    const said = meant.detail ?? (isRedirect ? "redirects are not followed; configure the final address" : ADVICE[why]);
    const asked = retryAfterMs(answer.headers.get("retry-after"), now()) ?? wait?.(answer.headers, now()) ?? null;
    return failure(what, why, `HTTP ${status}${said === undefined ? "" : ` (${said})`}`, asked);
  };

  return async <T>({ what, method, path, body, answer: schema, ...request }: VendorRequest<T>) => {
    const answer = await httpCall({
      method,
      url: `${base}${path}`,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
        ...request.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      maxBytes: MAX_BYTES,
    });
    if ("error" in answer) return failure(what, "transient", answer.error);
    const json = parseJson(answer.text);
    if (answer.status < 200 || answer.status > 299)
      return refused(what, { status: answer.status, body: json, headers: answer.headers });
    if (!answer.isWhole) return failure(what, "permanent", `the answer is larger than ${MAX_BYTES} bytes`);
    if (json === undefined && answer.text !== "")
      return failure(
        what,
        "transient",
        `HTTP ${answer.status}, but the answer is no JSON: something in between answered`,
      );
    const parsed = schema.safeParse(json);
    if (parsed.success)
      return { outcome: "answered", status: answer.status, value: parsed.data, headers: answer.headers };
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") || "the answer";
    return failure(what, "permanent", `HTTP ${answer.status}, but ${place} is not what the API documents`);
  };
};
