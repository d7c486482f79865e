/** What a provider double answers to one request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one after the other, each in a turn of its own. */
  readonly pieces: readonly (string | Buffer)[];
  /** `cut`: the connection breaks after the pieces; `hang`: it stays open without another byte. */
  readonly ending: "end" | "cut" | "hang";
}

/** One request as a wire format sees it. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** 0 for the first request of this model, 1 for the next, … */
  readonly attempt: number;
}

/** A wire format: the model (= the name of the step) a request is for, and its answer; null when it is not its path. */
export interface WireFormat {
  readonly modelOf: (method: string, path: string, body: Readonly<Record<string, unknown>>) => string | null;
  readonly answer: (model: string, request: ProviderRequest) => Reply;
}

/** A JSON answer. */
export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  pieces: [JSON.stringify(body)],
  ending: "end",
});

/** Server-sent events. */
export const events = (pieces: readonly string[], ending: Reply["ending"] = "end"): Reply => ({
  status: 200,
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  pieces,
  ending,
});

/** How a stream ends, by the name of its step. */
export const endingOf = (model: string): Reply["ending"] =>
  model.includes("cut") ? "cut" : model.includes("hang") ? "hang" : "end";

const FAILURES: Readonly<Record<string, number>> = { error: Number.POSITIVE_INFINITY, retry: 2, once: 1 };

/**
 * The failure a step's name asks for: `error-500` always fails with that status, `retry-429` on its first two attempts,
 * `once-503` on its first. Null when this attempt succeeds.
 */
export const failureOf = (model: string, attempt: number): number | null => {
  const [, kind = "", status] = /(error|retry|once)-(\d{3})/.exec(model) ?? [];
  return attempt < (FAILURES[kind] ?? 0) ? Number(status) : null;
};

/** An object as one server-sent event, with its name where the format has names. */
export const event = (data: unknown, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

/** Makes the official SDKs retry at once. */
export const RETRY_NOW: Readonly<Record<string, string>> = { "retry-after-ms": "1" };
