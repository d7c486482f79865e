import { type ChildProcess, fork } from "node:child_process";

/** What a collector's process says of itself since it was last asked. */
export interface Reading {
  /** Memory at this moment and at most, bytes. */
  readonly rss: number;
  readonly peak: number;
  /** Longest time for which its event loop was held, ms. */
  readonly blockMs: number;
  /** The same in processor time, which other processes cannot lengthen. */
  readonly busyMs: number;
  /** Processor time since its start, us. */
  readonly cpuUs: number;
  /** Calls made durable since its start. */
  readonly rows: number;
}

/** A collector in a process of its own. */
export interface CollectorChild {
  readonly url: string;
  /** Null when the process has ended. */
  readonly read: () => Promise<Reading | null>;
  readonly close: () => Promise<void>;
}

const PROGRAM = new URL("./collector-process.ts", import.meta.url);

/** The child's next message; null when it ends instead. */
const nextMessage = <T>(child: ChildProcess): Promise<T | null> =>
  new Promise((resolve) => {
    const onExit = (): void => resolve(null);
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as T);
    });
  });

/** Starts one. */
export const startCollectorChild = async (): Promise<CollectorChild> => {
  const child = fork(PROGRAM, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const started = await nextMessage<{ url: string }>(child);
  if (started === null) throw new Error("the collector ended before it listened");
  return {
    url: started.url,
    async read() {
      if (!child.connected) return null;
      const answer = nextMessage<Reading>(child);
      child.send("read");
      return answer;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await gone;
    },
  };
};
