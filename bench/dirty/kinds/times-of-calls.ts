import { normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const NOW = 1_790_000_000_000;
const DAY = 86_400_000;

const measured = (startMs: number, endMs: number): string => {
  const span = {
    ...{ traceId: "1".repeat(32), spanId: "1".repeat(16), parentSpanId: "", name: "chat", scope: "test" },
    ...{ startMs, endMs, statusCode: 0, events: [], resource: new Map() },
    attributes: new Map([["gen_ai.operation.name", "chat"]]),
  };
  const collaborators = { assign: () => ({ migration: "", cohort: "" }) as const, price: () => null };
  const normalised = normaliseSpan(span, NOW, collaborators);
  if (normalised.kind === "refused") return `refused: ${normalised.reason}`;
  return normalised.kind === "call" ? `kept, ${normalised.row.duration_ms ?? "unknown"} ms` : normalised.kind;
};

type Sibling = readonly [input: string, startMs: number, endMs: number, right: string, before: string];

const caseOf = ([input, startMs, endMs, right, before]: Sibling): DirtyCase => ({
  ...{ input, right, before },
  measure: () => measured(startMs, endMs),
  isRight: (said) => said === right,
});

const INVALID = "refused: invalid-time";
const SECONDS = "refused: seconds-as-nanoseconds";
const MILLISECONDS = "refused: milliseconds-as-nanoseconds";
const MICROSECONDS = "refused: microseconds-as-nanoseconds";
const OLD = "refused: too-old";

/** Times of calls by clocks that are set, of two hosts, in other units, or missing. */
export const timesOfCalls: DirtyKind = {
  kind: "capture: times of a call",
  cases: (
    [
      ["ends 0.3 ms before it begins", NOW, NOW - 0.3, "kept, unknown ms", INVALID],
      ["ends 900 ms before it begins", NOW, NOW - 900, "kept, unknown ms", INVALID],
      ["ends 5 s before it begins", NOW, NOW - 5000, "kept, unknown ms", INVALID],
      ["ends an hour before it begins", NOW, NOW - 3_600_000, INVALID, INVALID],
      ["ends when it begins", NOW, NOW, "kept, 0 ms", "kept, 0 ms"],
      ["seconds as nanoseconds", NOW / 1e9, NOW / 1e9, SECONDS, OLD],
      ["milliseconds as nanoseconds", NOW / 1e6, NOW / 1e6 + 0.001, MILLISECONDS, OLD],
      ["microseconds as nanoseconds", NOW / 1e3, NOW / 1e3 + 1, MICROSECONDS, OLD],
      ["the end alone in milliseconds", NOW, NOW / 1e6, MILLISECONDS, INVALID],
      ["no end", NOW, Number.NaN, INVALID, INVALID],
      ["an end of zero", NOW, 0, INVALID, INVALID],
      ["no start", 0, NOW, INVALID, INVALID],
      ["picoseconds", NOW * 1e3, NOW * 1e3, INVALID, INVALID],
      ["91 days ago", NOW - 91 * DAY, NOW - 91 * DAY + 1, OLD, OLD],
      ["of 1998", 900_000_000_000, 900_000_000_001, OLD, OLD],
    ] as const
  ).map(caseOf),
};
