import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { ConnectionStats } from "../core/collector-stats.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { type FollowedTls, followTlsFiles, secureContextOf } from "./follow-tls-files.ts";
import { type ConnectionSettings, limitConnections } from "./limit-connections.ts";
import { type ListenAddress, urlOf } from "./listen-address.ts";
import { startListening } from "./start-listening.ts";
import { readTlsPair, type TlsFiles } from "./tls-pair.ts";

/** A server that listens. */
export interface Listener {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string;
  readonly connections: () => ConnectionStats;
  /** What is wrong with its certificate, in a line for people; empty while nothing is. */
  readonly problem: () => string;
  /** Takes no new request; resolves when those under way are answered, at the latest after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** What an error about the address names. */
export interface ListenPlace {
  /** The section of the configuration, such as `agent`. */
  readonly section: string;
  /** What else may hold the port, such as "the other agent". */
  readonly rival: string;
}

/** Where and how a server listens. */
export interface BindSettings extends ConnectionSettings {
  /** Port 0 takes a free one. */
  readonly listen: ListenAddress;
  /** Null = plain HTTP. */
  readonly tls: TlsFiles | null;
}

/** What binding needs. */
export interface BindCollaborators {
  /** Epoch ms. */
  readonly now: () => number;
  /** Monotonic, ms. */
  readonly elapsed: () => number;
  readonly log: Log;
}

const problemOf = (error: NodeJS.ErrnoException, { host, port }: ListenAddress, place: ListenPlace): LeewayError => {
  const { section, rival } = place;
  const message =
    error.code === "EADDRINUSE"
      ? `${section}.listen: ${host}:${port} is in use; stop ${rival}, or set ${section}.listen to a free port`
      : `${section}.listen: cannot listen on ${host}:${port} (${error.code ?? messageOf(error)}); expected an address of this machine and a port this user may bind`;
  return new LeewayError("listen-failed", message, { cause: error });
};

const close = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // those that are answered from now on are not kept
    server.keepAliveTimeout = 1;
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });

const UNSECURED: FollowedTls = { problem: () => "", stop: () => undefined };

/** Gives the server its certificate, and each new one. Throws LeewayError `config-invalid`. */
const secure = (server: Server, files: TlsFiles, section: string, collaborators: BindCollaborators): FollowedTls => {
  const key = `${section}.tls`;
  const read = readTlsPair(files, collaborators.now());
  if (!("pair" in read)) throw new LeewayError("config-invalid", `${key}.${read.at}: ${read.path} ${read.text}`);
  const { pair } = read;
  const use = (next: typeof pair): void => (server as SecureServer).setSecureContext(secureContextOf(next));
  use(pair);
  return followTlsFiles({ key, files, pair }, { ...collaborators, use });
};

/**
 * Lets `server` listen: made by createServer of node:http, or of node:https where there is `tls`, with SERVER_OPTIONS.
 * Rejects with LeewayError `listen-failed`, or `config-invalid` for a certificate that cannot be used.
 */
export const bind = async (
  server: Server,
  settings: BindSettings,
  place: ListenPlace,
  collaborators: BindCollaborators,
): Promise<Listener> => {
  const { listen, tls } = settings;
  const connections = limitConnections(server, settings, collaborators);
  const followed = tls === null ? UNSECURED : secure(server, tls, place.section, collaborators);
  const port = await startListening(server, listen).catch((error: unknown) => {
    followed.stop();
    throw problemOf(error as NodeJS.ErrnoException, listen, place);
  });
  return {
    url: urlOf({ host: listen.host, port }, tls === null ? "http" : "https"),
    connections,
    problem: followed.problem,
    close: async (graceMs) => {
      followed.stop();
      await close(server, graceMs);
    },
  };
};
