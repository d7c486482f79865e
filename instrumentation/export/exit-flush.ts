import type { EventEmitter } from "node:events";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

type Signal = (typeof SIGNALS)[number];

/** The part of `process` that is used. */
export interface ExitingProcess extends Pick<EventEmitter, "on" | "removeListener" | "listenerCount"> {
  readonly pid: number;
  readonly kill: (pid: number, signal: Signal) => unknown;
}

/** Runs `flush`, at most `capMs`; the timer holds the process open, because our sockets do not. */
const capped = async (flush: () => Promise<void>, capMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const cap = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, capMs);
  });
  await Promise.race([flush(), cap]);
  clearTimeout(timer);
};

/** What is done before the end: what may take a moment, and what may not. */
interface Endings {
  readonly finish: () => Promise<void>;
  readonly end: () => void;
}

/**
 * Listens to a signal only while the app does not: then we flush and raise it again, so that the process ends as it
 * would have. As soon as the app listens, the signal is the app's alone; libraries that count the listeners to decide
 * whether to end the process never see ours beside their own.
 */
const flushOnSignal = (host: ExitingProcess, signal: Signal, { finish, end }: Endings): void => {
  let ours = false;
  let ending = false;
  const endProcess = (): void => {
    unlisten();
    // A process that is ended by a signal emits no `exit`.
    end();
    host.kill(host.pid, signal);
  };
  const onSignal = (): void => {
    // A second signal while flushing means now.
    if (ending) endProcess();
    else void finish().then(endProcess, endProcess);
    ending = true;
  };
  const listen = (): void => {
    ours = true;
    host.on(signal, onSignal);
  };
  const unlisten = (): void => {
    ours = false;
    host.removeListener(signal, onSignal);
  };
  // A moment later, when the app's listener is in place: Node stops watching a signal whose last listener is removed,
  // and would not start again for one whose adding had already been announced.
  const giveWay = (): void => {
    if (ours && host.listenerCount(signal) > 1) unlisten();
  };
  host.on("newListener", (event: string, listener: unknown) => {
    if (event === signal && listener !== onSignal && ours) queueMicrotask(giveWay);
  });
  host.on("removeListener", (event: string, listener: unknown) => {
    if (event === signal && listener !== onSignal && !ours && !ending && host.listenerCount(signal) === 0) listen();
  });
  if (host.listenerCount(signal) === 0) listen();
};

/**
 * Flushes when the process is about to end by itself, or by SIGTERM or SIGINT without a listener of the app, for at
 * most `capMs`. Then, and when it ends at once (`process.exit()`, an uncaught error), calls `end`, which cannot wait
 * for anything and must not throw. Only SIGKILL and a crash of Node itself leave no time for either.
 */
export const flushOnExit = (
  host: ExitingProcess,
  { flush, end }: { readonly flush: () => Promise<void>; readonly end: () => void },
  capMs: number,
): void => {
  const finish = (): Promise<void> => capped(flush, capMs);
  let flushed = false;
  host.on("beforeExit", () => {
    // Our own work makes Node ask again; one flush is enough, also when it failed.
    if (flushed) return;
    flushed = true;
    void finish();
  });
  host.on("exit", end);
  for (const signal of SIGNALS) flushOnSignal(host, signal, { finish, end });
};
