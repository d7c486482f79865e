import type { CallIdentity } from "./scope.ts";
import { type SharedObject, sharedObject } from "./shared-object.ts";

/** One standard event, on its way to becoming an OTLP log record. */
export interface EventRecord {
  readonly name: string;
  /** The span it is about; null for none. */
  readonly span: CallIdentity | null;
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Takes events over. Each stamps them with the time and never throws. */
export interface EventSink {
  /** What became known of a call. */
  readonly outcome: (event: EventRecord) => void;
  /** A flag evaluation: may be many, and the first to be given up. */
  readonly flag: (event: EventRecord) => void;
}

const SINK: SharedObject<EventSink> = sharedObject("events", 1);

/** Offers the preload's sink to every copy of this code in the process. */
export const shareEvents = (sink: EventSink): void => SINK.share(sink);

/** The sink of the preload; null while it is not loaded, or of another version. */
export const sharedEvents = (): EventSink | null => SINK.find();
