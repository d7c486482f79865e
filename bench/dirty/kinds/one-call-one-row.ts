import { createCoveredCalls } from "../../../collector/covered-calls.ts";
import { normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import {
  type InstrumentationPair,
  PAIRS,
  type PairSpan,
  TWO_CALLS,
} from "../../../test/collector/instrumentation-pairs.ts";
import { START_MS } from "../../../test/collector/otlp-request.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const callsOf = ({ scope, span }: PairSpan) => {
  const { traceId = "", spanId = "", parentSpanId = "", startMs = 0, endMs = 0, attributes = {} } = span;
  const received = {
    ...{ traceId, spanId, parentSpanId, startMs, endMs, scope },
    ...{ name: "chat", statusCode: 0, events: [], resource: new Map([["service.name", "app"]]) },
    attributes: new Map(Object.entries(attributes)),
  };
  const normalised = normaliseSpan(received, START_MS + 2000, {
    assign: () => ({ migration: "", cohort: "" }),
    price: () => null,
  });
  return normalised.kind === "call" ? [{ ...normalised, covers: "" }] : [];
};

/** Scopes of the rows, in the order of the spans. */
const measured = (requests: readonly (readonly PairSpan[])[]): string => {
  const covered = createCoveredCalls(1000, () => START_MS);
  const scopes = requests.flatMap((spans) => {
    const work = covered.sort(spans.flatMap(callsOf));
    let step = work.next();
    while (step.done !== true) step = work.next();
    step.value.settle({ written: new Map(), lost: new Set(), exchanged: new Set() });
    return step.value.rows;
  });
  return `${scopes.length} of ${scopes.map(({ row }) => row.scope).join(", ")}`;
};

const rightOf = ({ spans, rows }: InstrumentationPair): string =>
  `${rows.length} of ${rows.map((index) => spans[index]?.scope ?? "").join(", ")}`;

const caseOf = (before: Readonly<Record<string, string>>, pair: InstrumentationPair): readonly DirtyCase[] => {
  const right = rightOf(pair);
  const measure = (): string => measured([pair.spans]);
  const apart = { input: `${pair.pair}, one request each`, right: `${pair.rows.length}` };
  const measureApart = (): string => measured(pair.spans.map((span) => [span])).replace(/ .*/, "");
  return [
    { input: pair.pair, right, before: before[pair.pair] ?? right, measure, isRight: (said) => said === right },
    {
      ...apart,
      before: before[apart.input] ?? apart.right,
      measure: measureApart,
      isRight: (said) => said === apart.right,
    },
  ];
};

/** Where something else was said before. */
const BEFORE: Readonly<Record<string, string>> = {
  "OpenLLMetry beside the Anthropic SDK's own spans, which count the cache":
    "2 of @traceloop/instrumentation-anthropic, com.anthropic.sdk.typescript",
  "OpenLLMetry beside the Anthropic SDK's own spans, which count the cache, one request each": "2",
  "LangChain's instrumentation beside a provider's":
    "2 of @arizeai/openinference-instrumentation-langchain, opentelemetry.instrumentation.openai_v2",
  "LangChain's instrumentation beside a provider's, one request each": "2",
  "LangChain's instrumentation beside a provider's, another span between them":
    "2 of @arizeai/openinference-instrumentation-langchain, openinference.instrumentation.openai",
  "LangChain's instrumentation beside a provider's, another span between them, one request each": "2",
  "openai-agents beside openai":
    "2 of openinference.instrumentation.openai_agents, openinference.instrumentation.openai",
  "openai-agents beside openai, one request each": "2",
  "LangChain, a provider's and the preload, one in the other":
    "2 of @arizeai/openinference-instrumentation-langchain, leeway",
  "LangChain, a provider's and the preload, one in the other, one request each": "2",
  "a parent without counts beside a child with them": "2 of app, @opentelemetry/instrumentation-openai",
  "a parent without counts beside a child with them, one request each": "2",
  "two traces with one answer, of one service, at one time": "2 of logger, @opentelemetry/instrumentation-openai",
  "two traces with one answer, of one service, at one time, one request each": "2",
  "a span with model and tokens around the call, of one instrumentation": "2 of livekit-agents, livekit-agents",
  "a span with model and tokens around the call, of one instrumentation, one request each": "2",
  "two calls, each seen by two instrumentations, side by side": "4 of outer, inner, outer, inner",
  "two calls, each seen by two instrumentations, side by side, one request each": "4",
};

/** Spans that several instrumentations make of one call, and calls that are alike. */
export const oneCallOneRow: DirtyKind = {
  kind: "capture: one call, one row",
  cases: [...PAIRS, ...TWO_CALLS].flatMap((pair) => caseOf(BEFORE, pair)),
};
