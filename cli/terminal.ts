import { printable } from "../core/printable.ts";

/** What the product itself makes a terminal do; nothing else reaches one. */
const CONTROLS = { clearScreen: "\u001b[2J\u001b[H", startOfLine: "\r", clearRest: "\u001b[K" } as const;

/** Where commands print. Nothing it does throws or ends the process, whatever became of the reader. */
export interface Terminal {
  /** True where a person watches. */
  readonly isTTY: boolean;
  /** Prints text; what a terminal would obey is written out. */
  readonly print: (text: string) => void;
  readonly control: (what: keyof typeof CONTROLS) => void;
  /** Prints text and says how it went: without an error, it is on its way. */
  readonly write: (text: string, done: (error?: Error | null) => void) => void;
  /** True once nobody reads any more. */
  readonly isClosed: () => boolean;
}

/** A stream of the process: `process.stdout` is one. */
export interface OutputStream {
  readonly isTTY?: boolean;
  /** Characters that wait for the reader. */
  readonly writableLength: number;
  readonly write: (text: string, done: (error?: Error | null) => void) => unknown;
  readonly on: (event: "error", listener: (error: Error) => void) => unknown;
}

/** What a reader that stopped reading may let pile up, characters: hours of an agent's log. */
const MAX_BACKLOG = 1024 ** 2;

const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");

const BLOCKED = Object.assign(new Error("the stream is blocked"), { code: "EAGAIN" });

const countLines = (text: string): number => text.split("\n").length - 1;

/**
 * Prints on a stream. A reader that went away ends nothing; one that does not read is waited for up to a bound, and told
 * how many lines it missed when it reads again. `onFailure` is told of any other error, such as a full disk.
 */
export const createTerminal = (stream: OutputStream, onFailure: (error: Error) => void = () => undefined): Terminal => {
  let isClosed = false;
  let missed = 0;
  const failed = (error: Error): void => {
    if (!isClosedPipe(error)) onFailure(error);
    else isClosed = true;
  };
  stream.on("error", failed);

  const raw = (text: string, done: (error?: Error | null) => void): void => {
    try {
      stream.write(text, done);
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      failed(problem);
      done(problem);
    }
  };
  const tellMissed = (): void => {
    if (missed === 0) return;
    raw(`leeway: ${missed} lines were not printed: nobody read them\n`, () => undefined);
    missed = 0;
  };
  const write: Terminal["write"] = (text, done) => {
    if (stream.writableLength > MAX_BACKLOG) {
      done(BLOCKED);
      return;
    }
    tellMissed();
    raw(printable(text), done);
  };
  return {
    isTTY: stream.isTTY === true,
    print: (text) => {
      if (isClosed) return;
      write(text, (error) => {
        if (error === BLOCKED) missed += countLines(text);
      });
    },
    control: (what) => {
      if (!isClosed && stream.writableLength <= MAX_BACKLOG) raw(CONTROLS[what], () => undefined);
    },
    write,
    isClosed: () => isClosed,
  };
};
