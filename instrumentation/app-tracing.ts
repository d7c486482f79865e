import { isModelCall } from "../formats/dialects/read/is-model-call.ts";
import { coveredSpans } from "./covered-spans.ts";

/** The span that was active in the app when a call started. */
export interface ParentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  /** True when that span is of the very call, made by another instrumentation. */
  readonly isModelCall?: boolean;
}

interface AppContext {
  readonly getValue: (key: symbol) => unknown;
  readonly setValue: (key: symbol, value: unknown) => AppContext;
}

interface ContextManager {
  readonly active: () => AppContext;
  readonly with: <T>(context: AppContext, fn: () => T) => T;
}

const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
const SUPPRESS = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * The context manager of the app's own OpenTelemetry, if it runs one. Read where the API registers it: the copy of the
 * API in our bundle would see nothing, without any error, when the app's copy is of an older minor version.
 */
const appContext = (): ContextManager | undefined =>
  (globalThis as { [API]?: { readonly context?: ContextManager } })[API]?.context;

interface AppSpan {
  readonly spanContext?: () => ParentSpan;
  /** Only the SDK's spans show what they hold. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** OpenInference activates a wrapper of the SDK's span. */
  readonly span?: AppSpan;
}

const activeSpan = (): AppSpan | undefined => {
  const active = appContext()?.active().getValue(SPAN) as AppSpan | undefined;
  return active?.attributes === undefined ? (active?.span ?? active) : active;
};

/** The app's active span; null without one. */
export const activeParentSpan = (): ParentSpan | null => {
  const span = activeSpan();
  const found = span?.spanContext?.();
  if (span === undefined || found === undefined) return null;
  const { traceId, spanId, traceFlags } = found;
  return { traceId, spanId, traceFlags, ...(isModelCall(span.attributes ?? {}) ? { isModelCall: true } : {}) };
};

/** Notes that a call of ours begins inside the active span, which is of the same call: for the span processor. */
export const coverActiveSpan = (): void => {
  const span = activeSpan();
  if (span !== undefined) coveredSpans().add(span);
};

/** Runs `fn` so that the app's own instrumentations make no spans of it. */
export const withoutAppTracing = <T>(fn: () => T): T => {
  const manager = appContext();
  return manager ? manager.with(manager.active().setValue(SUPPRESS, true), fn) : fn();
};
