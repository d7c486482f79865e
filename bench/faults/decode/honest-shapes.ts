import {
  jsonLogs,
  jsonRequest,
  protobufLogs,
  protobufRequest,
  type SpanSpec,
} from "../../../test/collector/otlp-request.ts";
import { type Shape, shape } from "./shape.ts";

const taken = { expected: [200], gzip: false };
const now = Date.now();
let made = 0;

const spanOf = (attributes: SpanSpec["attributes"]): SpanSpec => {
  made += 1;
  return {
    traceId: made.toString(16).padStart(32, "0"),
    spanId: made.toString(16).padStart(16, "0"),
    startMs: now - 1500,
    endMs: now,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      ...attributes,
    },
  };
};

const attributes = (count: number, value: (index: number) => string | number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`some.attribute.of.a.span.${index}`, value(index)]));

const small = (index: number): string | number => (index % 3 === 0 ? index * made : `${index} of ${made}`);

const TEXT = "The customer asks about an invoice of last month, and the answer says when it was paid. ";

/** The spans of one body, of which about `bytes` are wanted. */
const batch = (count: number, span: () => SpanSpec) => (): readonly SpanSpec[] => Array.from({ length: count }, span);

const BATCHES: readonly (readonly [name: string, spans: () => readonly SpanSpec[]])[] = [
  ["512 spans of 25 attributes", batch(512, () => spanOf(attributes(22, small)))],
  ["8,192 spans of 25 attributes", batch(8192, () => spanOf(attributes(22, small)))],
  ["800 spans of 128 attributes", batch(800, () => spanOf(attributes(125, small)))],
  [
    "100 spans with prompt and answer of 50 KB",
    batch(100, () =>
      spanOf({
        "gen_ai.input.messages": JSON.stringify([
          { role: "user", parts: [{ type: "text", content: TEXT.repeat(600) }] },
        ]),
        "gen_ai.output.messages": JSON.stringify([
          { role: "assistant", parts: [{ type: "text", content: TEXT.repeat(600) }] },
        ]),
      }),
    ),
  ],
];

const deepValue = (levels: number): object =>
  levels === 0
    ? { stringValue: "a" }
    : { kvlistValue: { values: [{ key: "parts", value: { arrayValue: { values: [deepValue(levels - 1)] } } }] } };

const deepRequest = (): object => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: Array.from({ length: 512 }, () => {
            const [resource] = jsonRequest([spanOf({})]).resourceSpans as readonly Record<string, never>[];
            const { spans } = (resource?.scopeSpans as readonly Record<string, never>[] | undefined)?.[0] ?? {};
            const [span] = (spans as readonly Record<string, never>[] | undefined) ?? [];
            return { ...span, attributes: [{ key: "gen_ai.input.messages", value: deepValue(6) }] };
          }),
        },
      ],
    },
  ],
});

/** Bodies of real senders, which have to be taken. */
export const HONEST: readonly Shape[] = [
  ...BATCHES.flatMap(([name, spans]) => [
    shape(`${name}`, () => protobufRequest(spans()), taken),
    shape(`${name}, gzip`, () => protobufRequest(spans()), { ...taken, gzip: true }),
    shape(`JSON: ${name}`, () => Buffer.from(JSON.stringify(jsonRequest(spans()))), { ...taken, encoding: "json" }),
  ]),
  shape("JSON: 512 spans with messages nested six deep", () => Buffer.from(JSON.stringify(deepRequest())), {
    ...taken,
    encoding: "json",
  }),
  ...(["protobuf", "json"] as const).map((encoding) =>
    shape(
      `${encoding === "json" ? "JSON: " : ""}8,192 evaluations`,
      () => {
        const events = Array.from({ length: 8192 }, () => {
          const { traceId = "", spanId = "" } = spanOf({});
          const said = { "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 0.5 };
          return { traceId, spanId, timeMs: now, attributes: said };
        });
        return encoding === "json" ? Buffer.from(JSON.stringify(jsonLogs(events))) : protobufLogs(events);
      },
      { ...taken, encoding, path: "/v1/logs" },
    ),
  ),
];
