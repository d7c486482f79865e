import { printableLine } from "../core/printable.ts";

/** What waits for a reader that does not read, characters, beyond which nothing of ours is added. */
const MAX_BACKLOG = 64 * 1024;

/** With nobody to hear it, the error of a stream that nobody reads would end the app; it comes a moment after the write. */
const ignore = (): void => undefined;

const heard = (): void => {
  setImmediate(() => {
    if (process.stderr.writableLength === 0) process.stderr.removeListener("error", ignore);
  }).unref();
};

/** Prints one line for people on standard error. Where nobody reads, or reads too slowly, it is lost and the app goes on. */
export const printLine = (line: string): void => {
  try {
    const { stderr } = process;
    if (stderr.writableLength > MAX_BACKLOG) return;
    if (stderr.listenerCount("error", ignore) === 0) stderr.on("error", ignore);
    stderr.write(`${printableLine(line)}\n`, heard);
  } catch {
    // nobody hears it
  }
};
