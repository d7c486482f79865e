import type { EventEmitter } from "node:events";
import { withinOr } from "../../async/within-or.ts";
import { shield, tellOwnError } from "../shield.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

type Signal = (typeof SIGNALS)[number];

/** The part of `process` that is used. */
export interface ExitingProcess extends Pick<EventEmitter, "on" | "removeListener" | "listenerCount"> {
  readonly pid: number;
  readonly kill: (pid: number, signal: Signal) => unknown;
}

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
    try {
      // A second signal while flushing means now.
      if (ending) endProcess();
      else void finish().then(endProcess, endProcess);
      ending = true;
    } catch (error) {
      tellOwnError(error);
      host.removeListener(signal, onSignal);
      host.kill(host.pid, signal);
    }
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
  const giveWay = shield(() => {
    if (ours && host.listenerCount(signal) > 1) unlisten();
  }, undefined);
  const onAdded = (event: string, listener: unknown): void => {
    if (event === signal && listener !== onSignal && ours) queueMicrotask(giveWay);
  };
  const onRemoved = (event: string, listener: unknown): void => {
    if (event === signal && listener !== onSignal && !ours && !ending && host.listenerCount(signal) === 0) listen();
  };
  host.on("newListener", shield(onAdded, undefined));
  host.on("removeListener", shield(onRemoved, undefined));
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
  const finish = async (): Promise<void> => {
    try {
      // The timer holds the process open, because our sockets do not.
      await withinOr(capMs, flush(), undefined);
    } catch (error) {
      tellOwnError(error);
    }
  };
  let flushed = false;
  const onBeforeExit = (): void => {
    // Our own work makes Node ask again; one flush is enough, also when it failed.
    if (flushed) return;
    flushed = true;
    void finish();
  };
  host.on("beforeExit", shield(onBeforeExit, undefined));
  host.on("exit", shield(end, undefined));
  for (const signal of SIGNALS) flushOnSignal(host, signal, { finish, end });
};
