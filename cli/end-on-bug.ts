import type { Log } from "../core/log.ts";
import { EXIT_ON_BUG } from "./exit-code.ts";

/** The process, as far as its ending is concerned. */
export interface EndingProcess {
  readonly on: (event: "uncaughtException" | "warning", listener: (error: Error) => void) => unknown;
  readonly removeAllListeners: (event: "warning") => unknown;
  readonly exit: (code: number) => void;
}

/** A line that was printed is on its way by then. */
const EXIT_DELAY_MS = 100;

const PLACES = 5;

/** Where it was thrown. Its message may quote what a model or a user wrote, so it is told by its class and place. */
const placesOf = (error: unknown): string => {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const places = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return places
    .slice(0, PLACES)
    .map((place) => place.trim())
    .join("; ");
};

/**
 * An error that nobody caught leaves the agent in a state nobody knows: it is logged, and the process ends with code 70
 * for its supervisor to start again. What was acknowledged is on disk. Warnings of Node go to the log.
 */
export const endOnBug = (process: EndingProcess, log: Log): void => {
  let isEnding = false;
  process.on("uncaughtException", (error) => {
    if (isEnding) return;
    isEnding = true;
    const what = error instanceof Error ? error.name : typeof error;
    log.error("a bug of Leeway ends the agent; please report this line, and start it again", {
      error: what,
      places: placesOf(error),
    });
    setTimeout(() => process.exit(EXIT_ON_BUG), EXIT_DELAY_MS);
  });
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => log.warn(`${name}: ${message}`));
};
