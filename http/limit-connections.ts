import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionStats } from "../core/collector-stats.ts";

/** What the limit needs. */
export interface ConnectionSettings {
  /** Connections that may be open at a time. */
  readonly maxConnections: number;
  /** A request whose body takes longer than this to arrive may have to make room, ms. */
  readonly slowBodyMs: number;
  /** True for a request that may be cut off while it is being answered, when all others are, too. */
  readonly mayCut: (request: IncomingMessage) => boolean;
}

interface Connection {
  readonly name: string;
  readonly socket: Socket;
  /** Requests whose head has arrived and which are not answered yet. */
  readonly requests: Set<IncomingMessage>;
  /** When it was opened, or its last request began or was answered. */
  since: number;
}

type Ends = Pick<Socket, "remoteAddress" | "remotePort" | "localAddress">;

/** Under TLS a request knows another socket than the one that was accepted; both have the same two ends. */
const nameOf = ({ remoteAddress, remotePort, localAddress }: Ends): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;

const oldest = (connections: readonly Connection[]): Connection | null =>
  connections.reduce<Connection | null>(
    (found, each) => (found !== null && found.since <= each.since ? found : each),
    null,
  );

/**
 * Which connection is closed to make room; null when none may be. First the one that has been idle, or has not finished
 * the head of its request, for longest: who has just connected always has the time to ask. Then the one whose body is
 * the slowest to arrive, then one whose answer may be cut off.
 */
const dispensable = (
  connections: readonly Connection[],
  slowSince: number,
  mayCut: ConnectionSettings["mayCut"],
): Connection | null => {
  const idle = connections.filter(({ requests }) => requests.size === 0);
  if (idle.length > 0) return oldest(idle);
  const isSlow = ({ requests, since }: Connection): boolean =>
    since <= slowSince && [...requests].every(({ complete }) => !complete);
  return (
    oldest(connections.filter(isSlow)) ?? oldest(connections.filter(({ requests }) => [...requests].every(mayCut)))
  );
};

/**
 * Keeps the connections of `server` below `maxConnections` by closing those that are of least use, so that half-open
 * requests and idle clients keep nobody out. Node's own limit turns the newcomer away, which is the one that has
 * something to say. `elapsed` is monotonic, ms. The result tells what happened.
 */
export const limitConnections = (
  server: Server,
  { maxConnections, slowBodyMs, mayCut }: ConnectionSettings,
  { elapsed }: { readonly elapsed: () => number },
): (() => ConnectionStats) => {
  const connections = new Map<string, Connection>();
  let dropped = 0;

  const drop = ({ socket }: Connection): void => {
    dropped += 1;
    socket.destroy();
  };
  const makeRoom = (): boolean => {
    if (connections.size < maxConnections) return true;
    const found = dispensable([...connections.values()], elapsed() - slowBodyMs, mayCut);
    if (found === null) return false;
    connections.delete(found.name);
    drop(found);
    return true;
  };
  server.on("connection", (socket: Socket) => {
    const name = nameOf(socket);
    const connection = { name, socket, requests: new Set<IncomingMessage>(), since: elapsed() };
    if (!makeRoom()) return drop(connection);
    connections.set(name, connection);
    socket.once("close", () => {
      if (connections.get(name) === connection) connections.delete(name);
    });
  });
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(nameOf(request.socket));
    if (connection === undefined) return;
    connection.requests.add(request);
    connection.since = elapsed();
    response.once("close", () => {
      connection.requests.delete(request);
      connection.since = elapsed();
    });
  });
  return () => ({ open: connections.size, limit: maxConnections, dropped });
};
