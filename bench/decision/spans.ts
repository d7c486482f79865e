import { randomBytes } from "node:crypto";

/** One call that has just ended. */
export interface EndedCall {
  readonly service: string;
  readonly cohort: "baseline" | "canary";
  readonly failed: boolean;
  /** Epoch ms. */
  readonly endedAt: number;
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const whole = (key: string, intValue: number) => ({ key, value: { intValue } });
const nanos = (epochMs: number): string => `${Math.round(epochMs * 1e3)}000`;

const LATENCY_MS = 120;

const spanOf = ({ cohort, failed, endedAt }: EndedCall) => ({
  traceId: randomBytes(16).toString("hex"),
  spanId: randomBytes(8).toString("hex"),
  name: "chat",
  kind: 3,
  startTimeUnixNano: nanos(endedAt - LATENCY_MS),
  endTimeUnixNano: nanos(endedAt),
  status: { code: failed ? 2 : 0 },
  attributes: [
    ...[text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "openai")],
    ...[text("gen_ai.request.model", cohort), text("gen_ai.response.model", cohort), text("leeway.cohort", cohort)],
    text("leeway.segment.input_type", endedAt % 2 === 0 ? "faq" : "billing"),
    ...(failed
      ? [text("error.type", "500")]
      : [whole("gen_ai.usage.input_tokens", 300), whole("gen_ai.usage.output_tokens", 120)]),
  ],
});

/** One OTLP/JSON export request with these calls. */
export const exportRequest = (calls: readonly EndedCall[]): string => {
  const services = [...new Set(calls.map(({ service }) => service))];
  return JSON.stringify({
    resourceSpans: services.map((service) => ({
      resource: { attributes: [text("service.name", service), text("service.instance.id", service)] },
      scopeSpans: [{ scope: { name: "bench" }, spans: calls.filter((call) => call.service === service).map(spanOf) }],
    })),
  });
};
