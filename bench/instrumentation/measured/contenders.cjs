// How each contender is switched on and off inside one process. Each exports its spans over OTLP/HTTP to the same
// collector, a second after they were made.
const fetchKept = () => globalThis[Symbol.for("bench.fetch")];

const LIMITS = { maxQueueSize: 20_000, scheduledDelayMillis: 1000 };

const exportTo = (TracerProvider, processorOf, { OTLPTraceExporter }) => {
  const exporter = new OTLPTraceExporter({ url: `${process.env.COLLECTOR}/v1/traces` });
  return new TracerProvider({ spanProcessors: [processorOf(exporter)] });
};

/** The 2.x line of OpenTelemetry's SDK. */
const exportWith2 = (require) => {
  const { BasicTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
  const processorOf = (exporter) => new BatchSpanProcessor(exporter, LIMITS);
  return exportTo(BasicTracerProvider, processorOf, require("@opentelemetry/exporter-trace-otlp-http"));
};

/** The 3.x line. */
const exportWith3 = (require) => {
  const { TracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace");
  const processorOf = (exporter) => new BatchSpanProcessor({ exporter, ...LIMITS });
  return exportTo(TracerProvider, processorOf, require("@opentelemetry/exporter-trace-otlp-http"));
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
    return instrumented(new OpenAIInstrumentation(), exportWith3(require), require("@opentelemetry/api"));
  },
  openllmetry: (require) => {
    const { OpenAIInstrumentation } = require("@traceloop/instrumentation-openai");
    const instrumentation = new OpenAIInstrumentation({ traceContent: false });
    return instrumented(instrumentation, exportWith2(require), require("@opentelemetry/api"));
  },
  openinference: (require) => {
    const { OpenAIInstrumentation } = require("@arizeai/openinference-instrumentation-openai");
    const instrumentation = new OpenAIInstrumentation({ traceConfig: { hideInputs: true, hideOutputs: true } });
    return instrumented(instrumentation, exportWith2(require), require("@opentelemetry/api"));
  },
};
