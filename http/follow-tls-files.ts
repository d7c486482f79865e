import type { SecureContextOptions } from "node:tls";
import type { Log } from "../core/log.ts";
import { readTlsPair, type TlsFiles, type TlsPair } from "./tls-pair.ts";

/** Older versions than 1.2 have been given up by everybody (RFC 8996). */
export const secureContextOf = ({ cert, key }: TlsPair): SecureContextOptions => ({
  cert,
  key,
  minVersion: "TLSv1.2",
});

/** A listener's certificate, followed as its files change. */
export interface FollowedTls {
  /** What is wrong with it, in a line for people; empty while nothing is. */
  readonly problem: () => string;
  readonly stop: () => void;
}

/** What following needs. */
export interface FollowCollaborators {
  /** Puts a new pair to use. */
  readonly use: (pair: TlsPair) => void;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}

/** Soon enough for whoever waits for it, and rarely enough to cost nothing. */
const EVERY_MS = 5_000;

/**
 * Looks at the files every `everyMs` and puts what is new there to use; connections that are open stay. They are read
 * whole instead of being watched: in a container they are links that are swapped, which no watch sees. What cannot be
 * used leaves the pair before it in use, and is said when it still is so at the next look: two files are never written
 * at once. `key` is what messages call the listener's setting, such as `agent.tls`.
 */
export const followTlsFiles = (
  {
    key,
    files,
    pair,
    everyMs = EVERY_MS,
  }: {
    readonly key: string;
    readonly files: TlsFiles;
    /** In use already. */
    readonly pair: TlsPair;
    readonly everyMs?: number;
  },
  { use, now, log }: FollowCollaborators,
): FollowedTls => {
  let current = pair;
  let [fault, said] = ["", ""];

  const take = (next: TlsPair): void => {
    [fault, said] = ["", ""];
    if (next.cert === current.cert && next.key === current.key) return;
    use(next);
    current = next;
    log.info(`${key}: the new certificate is in use`, { validTo: new Date(next.validToMs).toISOString() });
  };
  const complain = (text: string): void => {
    if (text === fault && text !== said) {
      said = text;
      log.error(`${text}; the one in use stays`);
    }
    fault = text;
  };
  const look = (): void => {
    const read = readTlsPair(files, now());
    if ("pair" in read) take(read.pair);
    else complain(`${key}.${read.at}: ${read.path} ${read.text}`);
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  const expired = (): string =>
    current.validToMs <= now()
      ? `${key}.cert: the certificate in use expired on ${new Date(current.validToMs).toISOString()}; put a new one there`
      : "";
  return {
    problem: () => said || expired(),
    stop: () => clearInterval(timer),
  };
};
