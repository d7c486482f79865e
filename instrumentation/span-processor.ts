import { LEEWAY } from "../core/attributes.ts";
import { finishReason } from "../core/finish-reason.ts";
import { outputAttributes } from "../features/output-attributes.ts";
import { outputFeatures } from "../features/output-features.ts";
import type { Attributes, AttributeValue } from "../formats/dialects/read/attributes.ts";
import { fieldReader } from "../formats/dialects/read/field-reader.ts";
import { isModelCall } from "../formats/dialects/read/is-model-call.ts";
import { recordedCall } from "../formats/dialects/read/recorded-call.ts";
import { type CallContext, currentCallContext } from "./call-context.ts";
import { contextAttributes } from "./context-attributes.ts";
import { coveredSpans } from "./covered-spans.ts";
import { shield } from "./shield.ts";

/** A span of the app's SDK, of any version; the part that is used here. */
interface AppSpan {
  readonly attributes: Record<string, unknown>;
  readonly status: { readonly code: number };
  setAttribute?(name: string, value: string | number | boolean | string[]): unknown;
}

/** An OpenTelemetry span processor, in structure: the SDK is not a dependency, and either line of it takes this. */
export interface LeewaySpanProcessor {
  onStart(span: object): void;
  onEnding(span: object): void;
  onEnd(span: object): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

type Added = Readonly<Record<string, string | number | boolean | string[]>>;

const STATUS_ERROR = 2;

/** Features of the answer the span carries; none for a failed call, or where the span carries no answer. */
const featuresOf = ({ attributes, status }: AppSpan): Added => {
  if (status.code === STATUS_ERROR) return {};
  const recorded: Attributes = new Map(Object.entries(attributes as Record<string, AttributeValue>));
  const read = fieldReader({ startMs: Number.NaN, attributes: recorded });
  const call = recordedCall(recorded, finishReason(read("finish_reason")));
  return call === null ? {} : outputAttributes(outputFeatures(call.answer, call.asked));
};

/** What is added to a span of a call: who it was for, what its answer is like, and whether ours stands for it. */
const additionsTo = (span: AppSpan, context: CallContext | undefined): Added => ({
  ...featuresOf(span),
  ...(context && contextAttributes(context)),
  ...(coveredSpans().has(span) ? { [LEEWAY.covered]: true } : {}),
});

/**
 * A span processor for apps that run their own OpenTelemetry: spans that other instrumentations make of model calls
 * (the conventions' own, Anthropic's, Vercel AI's, OpenLLMetry's, OpenInference's) get `leeway.*` attributes: cohort,
 * segments and conversation of the code that made the call, and output features where the span carries the answer.
 * No content is added, other spans are not touched, and what a span says already stays. Put it before the processors
 * that export: `spanProcessors: [leewaySpanProcessor(), new BatchSpanProcessor(exporter)]`.
 *
 * Never throws: the first error of its own prints one line.
 */
export const leewaySpanProcessor = (): LeewaySpanProcessor => {
  const contexts = new WeakMap<object, CallContext>();
  const done = new WeakSet<object>();
  /** `add` writes one attribute; a span that has ended takes them only past its own methods. */
  const enrich = (span: AppSpan, add: (name: string, value: Added[string]) => void): void => {
    if (done.has(span) || !isModelCall(span.attributes)) return;
    done.add(span);
    for (const [name, value] of Object.entries(additionsTo(span, contexts.get(span)))) {
      if (!(name in span.attributes)) add(name, value);
    }
  };
  return {
    // The call is made in the context in which its span starts; it may end anywhere.
    onStart: shield((span) => void contexts.set(span, currentCallContext()), undefined),
    onEnding: shield((span) => {
      const writable = span as AppSpan;
      enrich(writable, (name, value) => void writable.setAttribute?.(name, value));
    }, undefined),
    onEnd: shield((span) => {
      const { attributes } = span as AppSpan;
      enrich(span as AppSpan, (name, value) => {
        attributes[name] = value;
      });
    }, undefined),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
};
