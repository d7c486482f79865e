import type { Log } from "../../core/log.ts";

/** A log that keeps its messages. */
export const recordingLog = (): { readonly log: Log; readonly messages: string[] } => {
  const messages: string[] = [];
  const keep = (message: string): void => void messages.push(message);
  return { log: { info: keep, warn: keep, error: keep }, messages };
};
