// A call as an OpenInference instrumentation records it, with the evaluations an app adds by OpenInference's own functions.
import { getAnnotationAttributes, getEvaluationAttributes } from "@arizeai/openinference-core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new OTLPTraceExporter({ url: `${process.env.COLLECTOR_URL}/v1/traces` });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();

const tracer = provider.getTracer("app");
tracer.startActiveSpan("handle request", (root) => {
  const call = tracer.startSpan("ChatCompletion", {
    attributes: {
      ...{ "openinference.span.kind": "LLM", "llm.model_name": "good", "llm.provider": "openai" },
      ...getEvaluationAttributes({ evaluations: [{ name: "quality", score: 0.75, explanation: "to the point" }] }),
      ...getAnnotationAttributes({ annotations: [{ name: "thumbs", label: "up", annotatorKind: "HUMAN" }] }),
    },
  });
  call.end();
  root.setAttributes(
    getEvaluationAttributes({ evaluations: [{ name: "task_completed", label: "correct" }], scope: "trace" }),
  );
  root.end();
});
await provider.shutdown();
