import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

const RETRY_MS = 5_000;

/**
 * Asks the store what it has, and goes on in the background every few seconds where it does not answer at once; `unknown` says
 * in the log what that may lead to. Returns what ends the background work.
 */
export const keepAsking = async (
  ask: () => Promise<void>,
  unknown: string,
  { log }: { readonly log: Log },
): Promise<() => void> => {
  const isAnswered = async (): Promise<boolean> => {
    try {
      await ask();
      return true;
    } catch (error) {
      log.warn(`collector: ${unknown}: ${messageOf(error)}`);
      return false;
    }
  };
  if (await isAnswered()) return () => undefined;
  const timer = setInterval(async () => {
    if (await isAnswered()) clearInterval(timer);
  }, RETRY_MS);
  return () => clearInterval(timer);
};
