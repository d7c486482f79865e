import type { Log } from "../core/log.ts";
import { printable, printableLine } from "../core/printable.ts";

type Level = "info" | "warn" | "error";

const formatFields = (fields: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? printable(JSON.stringify(value)) : value}`)
    .join("");

/** A log that writes one line per message: time (UTC), level, message, fields. What is inside stays on the line. */
export const createLog = (write: (line: string) => void, now: () => number): Log => {
  const at =
    (level: Level): Log["info"] =>
    (message, fields = {}) => {
      const line = printableLine(message);
      write(`${new Date(now()).toISOString()} ${level.padEnd(5)} ${line}${formatFields(fields)}\n`);
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
};
