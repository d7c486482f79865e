// How each contender is switched on and off inside one process. Each exports its spans over OTLP/HTTP to the same
// collector, a second after they were made.
const fetchKept = () => globalThis[Symbol.for("bench.fetch")];

const exportTo = ({ TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }) => {
  const exporter = new OTLPTraceExporter({ url: `${process.env.COLLECTOR}/v1/traces` });
  const limits = { maxQueueSize: 20_000, scheduledDelayMillis: 1000 };
  const spanProcessors = [new BatchSpanProcessor(exporter, limits)];
  return new TracerProvider({ spanProcessors });
};

const instrumented =
  (instrumentation, tracerProvider, { metrics }) =>
  (OpenAI) => {
    const client = new OpenAI();
    const turn = (to) => () => {
      instrumentation[to]();
      return client;
    };
    instrumentation.setTracerProvider(tracerProvider);
    // OpenTelemetry's own throws into the app's streams without one.
    instrumentation.setMeterProvider(metrics.getMeterProvider());
    return { on: turn("enable"), off: turn("disable") };
  };

/** By name: a function of the folder's `require` that returns how to get a client that is on, and one that is off. */
module.exports = {
  nothing: () => (OpenAI) => {
    const client = new OpenAI();
    return { on: () => client, off: () => client };
  },
  leeway: () => (OpenAI) => {
    const [on, off] = [new OpenAI(), new OpenAI({ fetch: fetchKept() })];
    return { on: () => on, off: () => off };
  },
  opentelemetry: (require) => {
    const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
    const sdk = require("@opentelemetry/sdk-trace");
    const provider = exportTo(sdk, require("@opentelemetry/exporter-trace-otlp-http"));
    return instrumented(new OpenAIInstrumentation(), provider, require("@opentelemetry/api"));
  },
  openllmetry: (require) => {
    const { OpenAIInstrumentation } = require("@traceloop/instrumentation-openai");
    const { BasicTracerProvider: TracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
    const sdk = { TracerProvider, BatchSpanProcessor };
    const provider = exportTo(sdk, require("@opentelemetry/exporter-trace-otlp-http"));
    return instrumented(new OpenAIInstrumentation({ traceContent: false }), provider, require("@opentelemetry/api"));
  },
  openinference: (require) => {
    const { OpenAIInstrumentation } = require("@arizeai/openinference-instrumentation-openai");
    const { BasicTracerProvider: TracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
    const sdk = { TracerProvider, BatchSpanProcessor };
    const provider = exportTo(sdk, require("@opentelemetry/exporter-trace-otlp-http"));
    const traceConfig = { hideInputs: true, hideOutputs: true };
    return instrumented(new OpenAIInstrumentation({ traceConfig }), provider, require("@opentelemetry/api"));
  },
};
