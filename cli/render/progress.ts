import type { Terminal } from "../terminal.ts";

/** A line on a terminal that shows how far something is. */
export interface Progress {
  /** `done` is a share, 0-1; `beside` stands at the end of the line. */
  readonly show: (done: number, beside?: string) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const WIDTH = 30;
const EVERY_MS = 100;

const remaining = (done: number, elapsedMs: number): string => {
  if (done < 0.02) return "";
  const seconds = Math.round((elapsedMs * (1 - done)) / done / 1000);
  return seconds < 100 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
};

/** A progress bar; nothing at all where no person watches. */
export const createProgress = (
  terminal: Pick<Terminal, "isTTY" | "print" | "control">,
  now: () => number,
): Progress => {
  if (!terminal.isTTY) return { show: () => undefined, end: () => undefined };
  const began = now();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show: (share, beside = "") => {
      const at = now();
      if (at - shown < EVERY_MS) return;
      shown = at;
      const done = Math.min(1, Math.max(0, share));
      const full = Math.round(done * WIDTH);
      const percent = `${Math.floor(done * 100)}%`.padStart(4);
      terminal.control("startOfLine");
      terminal.print(
        `${"█".repeat(full)}${"░".repeat(WIDTH - full)}${percent}  ${remaining(done, at - began)}  ${beside}`.trimEnd(),
      );
      terminal.control("clearRest");
    },
    end: () => {
      terminal.control("startOfLine");
      terminal.control("clearRest");
    },
  };
};
