import type { Attributes } from "@opentelemetry/api";
import { messageOf } from "../../core/errors.ts";
import type { Api } from "./load-sdk.ts";
import type { Ending, Facts, Telemetry, WorkName } from "./telemetry.ts";

/** What they are counted as. */
const COUNTED: Readonly<Record<WorkName, string>> = {
  round: "leeway.rounds",
  fold: "leeway.folds",
  flip: "leeway.flips",
  delivery: "leeway.deliveries",
};

/** Bounds of the histograms, seconds: from a flag in memory to a receiver that is given up. */
const BOUNDS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const attributesOf = (prefix: string, facts: Facts = {}): Attributes =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${prefix}.${name}`, value]));

/** Telemetry by the OpenTelemetry API; `elapsed` counts ms from anywhere. An error in it harms no work. */
export const createTelemetry = (
  { trace, metrics, SpanStatusCode }: Api,
  { version, elapsed }: { readonly version: string; readonly elapsed: () => number },
): Telemetry => {
  const tracer = trace.getTracer("leeway", version);
  const meter = metrics.getMeter("leeway", version);
  const instrumentsOf = (name: WorkName) => ({
    ended: meter.createCounter(COUNTED[name]),
    duration: meter.createHistogram(`leeway.${name}.duration`, {
      unit: "s",
      advice: { explicitBucketBoundaries: BOUNDS_S },
    }),
  });
  const instruments = {
    round: instrumentsOf("round"),
    fold: instrumentsOf("fold"),
    flip: instrumentsOf("flip"),
    delivery: instrumentsOf("delivery"),
  };
  const stored = meter.createCounter("leeway.spans.stored", { unit: "{span}" });

  const within: Telemetry["within"] = (work, run, endingOf) => {
    const { name, labels, facts } = work;
    const attributes = { ...attributesOf("leeway", labels), ...attributesOf(`leeway.${name}`, facts) };
    return tracer.startActiveSpan(`leeway.${name}`, { attributes }, async (span) => {
      const started = elapsed();
      const end = (ending: () => Ending): void => {
        try {
          const { outcome, problem, facts: more } = ending();
          const counted = { ...attributesOf("leeway", labels), "leeway.outcome": outcome };
          span.setAttributes({ "leeway.outcome": outcome, ...attributesOf(`leeway.${name}`, more) });
          if (problem !== "") span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
          instruments[name].ended.add(1, counted);
          instruments[name].duration.record((elapsed() - started) / 1000, counted);
          span.end();
        } catch {
          // Whatever it was: the work was done.
        }
      };
      return settled(run, end, endingOf);
    });
  };
  return { within, stored: (spans) => stored.add(spans) };
};

const settled = async <T>(
  run: () => Promise<T>,
  end: (ending: () => Ending) => void,
  endingOf: (result: T) => Ending,
): Promise<T> => {
  let result: T;
  try {
    result = await run();
  } catch (error) {
    end(() => ({ outcome: "failed", problem: messageOf(error) }));
    throw error;
  }
  end(() => endingOf(result));
  return result;
};
