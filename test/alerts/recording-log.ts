import type { Log } from "../../core/log.ts";

/** A log that keeps its lines, for asserting what was and what was not said. */
export const recordingLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const keep =
    (level: string): Log["info"] =>
    (message, fields) =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return { lines, info: keep("info"), warn: keep("warn"), error: keep("error") };
};
