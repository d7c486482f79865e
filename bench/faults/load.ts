/** What a sender process is told. */
export interface LoadOrder {
  /** Base URL of the collector. */
  readonly url: string;
  readonly service: string;
  readonly seconds: number;
  readonly spansPerRequest: number;
  /** Requests a second, sent whatever becomes of those before; null = `connections` of them wait for one answer each. */
  readonly perSecond: number | null;
  readonly connections: number;
}

/** What it saw. */
export interface LoadResult {
  /** Requests by status code, `timeout` or the code of the socket's error. */
  readonly answers: Readonly<Record<string, number>>;
  /** Of requests that were answered 200, ms from the moment they were due. */
  readonly acknowledgedMs: readonly number[];
  /** Of requests that were refused, ms. */
  readonly refusedMs: readonly number[];
  /** Values of Retry-After seen, in seconds. */
  readonly retryAfter: readonly number[];
  readonly acknowledgedSpans: number;
}
