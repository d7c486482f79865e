import type { Log } from "../../core/log.ts";

/** A log that keeps its lines, for tests that read them. */
export const createRecordingLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const keep = (level: string) => (message: string, fields?: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { lines, info: keep("info"), warn: keep("warn"), error: keep("error") };
};
