import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

/** What has to be closed again. */
export interface Closers {
  readonly add: (close: () => Promise<void>) => void;
  /** Closes what was added, the last first. */
  readonly closeAll: () => Promise<void>;
}

/** Things opened in order and closed in reverse, also when opening fails half-way. One that fails stops no other. */
export const createClosers = (log: Log): Closers => {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close: () => Promise<void>): void => void closers.push(close),
    closeAll: async (): Promise<void> => {
      for (const close of closers.splice(0).reverse()) {
        await close().catch((error: unknown) => log.error("closing failed", { problem: messageOf(error) }));
      }
    },
  };
};
