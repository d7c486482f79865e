import type { KnownRow, SpanRow } from "../../core/span-row.ts";

/** A call on its way in, as far as it matters here. */
export interface SeenCall {
  readonly row: SpanRow;
  /** The span of the same call by another instrumentation, where ours names one; empty without. */
  readonly covers: string;
  /** False where its span does not say that it is a call, and is taken for one by its model and tokens. */
  readonly isSaid: boolean;
}

/** What is kept in mind of a call. Times are its sender's own, epoch ms. */
export interface CallFacts {
  readonly trace: string;
  readonly span: string;
  readonly parent: string;
  readonly covers: string;
  readonly isSaid: boolean;
  readonly service: string;
  readonly scope: string;
  readonly responseId: string;
  readonly start: number;
  readonly end: number;
  /** Names of its model without who serves it, lower case. */
  readonly models: readonly string[];
  readonly input: number | null;
  readonly output: number | null;
  readonly cached: number | null;
}

/** The scope of the spans our preload makes. */
export const OURS = "leeway";

const plainModel = (name: string): string => name.slice(name.lastIndexOf("/") + 1).toLowerCase();

/** What of a call tells which other spans are of it. */
export const factsOf = ({ row, covers, isSaid }: Omit<SeenCall, "row"> & { readonly row: KnownRow }): CallFacts => ({
  ...{ trace: row.trace_id, span: row.span_id, parent: row.parent_span_id, covers, isSaid },
  ...{ service: row.service, scope: row.scope, responseId: row.response_id },
  start: row.start_ms + row.clock_skew_ms,
  end: Math.max(row.start_ms, row.end_ms) + row.clock_skew_ms,
  models: [...new Set([row.request_model, row.response_model].filter((name) => name !== "").map(plainModel))],
  ...{ input: row.input_tokens, output: row.output_tokens, cached: row.cached_tokens },
});

/** What a provider adds to the name that was asked for: a date, a revision. */
const ADDED = /^-(?:\d{4}-\d{2}-\d{2}|\d{2,8}|latest)$/;

const isDated = (long: string, short: string): boolean =>
  long.startsWith(short) && ADDED.test(long.slice(short.length));

const modelsAgree = (a: CallFacts, b: CallFacts): boolean =>
  a.models.some((one) => b.models.some((other) => one === other || isDated(one, other) || isDated(other, one)));

const differs = (a: number | null, b: number | null): boolean => a !== null && b !== null && a !== b;

/** Two instrumentations may count cached input in and out. */
const inputDiffers = (a: CallFacts, b: CallFacts): boolean =>
  differs(a.input, b.input) && ![a.cached, b.cached].includes(Math.abs((a.input ?? 0) - (b.input ?? 0)));

const usageDiffers = (a: CallFacts, b: CallFacts): boolean => differs(a.output, b.output) || inputDiffers(a, b);

/** Both counts are known of both, the same, and not zero. */
const usageAgrees = (a: CallFacts, b: CallFacts): boolean =>
  [a.input, a.output, b.input, b.output].every((count) => count !== null) && (a.output ?? 0) > 0 && !usageDiffers(a, b);

/** Spans of one process round their times, and begin and end in one turn of its loop. */
const SLACK_MS = 10;

const overlaps = (a: CallFacts, b: CallFacts): boolean => a.start <= b.end + SLACK_MS && b.start <= a.end + SLACK_MS;

const holds = (outer: CallFacts, inner: CallFacts): boolean =>
  inner.start >= outer.start - SLACK_MS && inner.end <= outer.end + SLACK_MS;

const isChild = (child: CallFacts, parent: CallFacts): boolean =>
  child.trace === parent.trace && child.parent === parent.span;

/**
 * Our span begins inside the other one's: a call whose parent is a call is that call. Not every instrumentation lets us
 * see what its active span is, so that ours may name none.
 */
const names = (ours: CallFacts, other: CallFacts): boolean =>
  ours.trace === other.trace &&
  (ours.covers === other.span || (ours.scope === OURS && ours.parent === other.span && other.isSaid));

/** How sure it is that two spans are of one call: 0 = they are not, or nothing says so. */
export type Likeness = 0 | 1 | 2 | 3 | 4;

/**
 * - 4: ours names the other, or lies in it;
 * - 3: the same answer by its id, of one service, in one trace or at the same time;
 * - 2: parent and child of one service, model and time, and no count that differs;
 * - 1: one inside the other in time, in one trace of one service, with the same model and the same counts.
 *
 * Of one instrumentation two spans are two calls, but where a span is taken for a call only by what it carries. Two calls that
 * are asked and answered the same, one after the other or side by side, are none of these.
 */
export const likeness = (a: CallFacts, b: CallFacts): Likeness => {
  const isNested = isChild(a, b) || isChild(b, a);
  if (a.scope === b.scope && (!isNested || (a.isSaid && b.isSaid))) return 0;
  if (names(a, b) || names(b, a)) return 4;
  if (a.service !== b.service) return 0;
  if (a.responseId !== "" && b.responseId !== "") {
    return a.responseId === b.responseId && (a.trace === b.trace || overlaps(a, b)) ? 3 : 0;
  }
  if (a.trace !== b.trace || !modelsAgree(a, b) || !overlaps(a, b) || usageDiffers(a, b)) return 0;
  if (isNested) return 2;
  // children of one parent run beside each other
  return a.parent !== b.parent && (holds(a, b) || holds(b, a)) && usageAgrees(a, b) ? 1 : 0;
};

/** True when a span that is taken for a call by what it carries has a call inside: it adds up its calls then. */
export const contains = (outer: CallFacts, inner: CallFacts): boolean => !outer.isSaid && isChild(inner, outer);
