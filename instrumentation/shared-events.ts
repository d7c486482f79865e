import type { CallIdentity } from "./scope.ts";

/** One standard event, on its way to becoming an OTLP log record. */
export interface EventRecord {
  readonly name: string;
  /** The span it is about; null for none. */
  readonly span: CallIdentity | null;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Takes events over. Each stamps them with the time and never throws. */
export interface EventSink {
  /** What became known of a call. */
  readonly outcome: (event: EventRecord) => void;
  /** A flag evaluation: may be many, and the first to be given up. */
  readonly flag: (event: EventRecord) => void;
}

const SINK = Symbol.for("leeway.events");

const shared = globalThis as { [SINK]?: EventSink };

/** Offers the preload's sink to every copy of this code in the process. */
export const shareEvents = (sink: EventSink): void => {
  shared[SINK] = sink;
};

/** The sink of the preload; null while it is not loaded. */
export const sharedEvents = (): EventSink | null => shared[SINK] ?? null;
