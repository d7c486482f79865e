const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How the work ended: by itself, or because somebody wants the process to end. */
export type Ended<T> =
  | { readonly outcome: "done"; readonly value: T }
  | { readonly outcome: "interrupted"; readonly signal: (typeof SIGNALS)[number] };

/**
 * Runs `work` until it ends or the process is asked to; then `cleanUp`, which a second signal cuts short. Rejects with
 * the error of `work`, after `cleanUp`.
 */
export const untilInterrupted = async <T>(work: () => Promise<T>, cleanUp: () => Promise<void>): Promise<Ended<T>> => {
  const asked = Promise.withResolvers<Ended<T>>();
  const ask = (signal: (typeof SIGNALS)[number]): void => asked.resolve({ outcome: "interrupted", signal });
  for (const signal of SIGNALS) process.once(signal, ask);
  try {
    return await Promise.race([work().then((value): Ended<T> => ({ outcome: "done", value })), asked.promise]);
  } finally {
    await cleanUp();
    for (const signal of SIGNALS) process.removeListener(signal, ask);
  }
};
