import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";

const quiet = <A extends Agent>(agent: A): A => {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    (socket as { unref?: () => void } | null | undefined)?.unref?.();
    return socket;
  };
  // The stock implementation does the housekeeping, and makes the process wait for the socket again.
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    reuse(socket, request);
    (socket as { unref?: () => void }).unref?.();
  };
  return agent;
};

/**
 * An HTTP(S) agent of so many kept connections (default: one) that never keeps the process alive: a request to a collector that does not
 * answer must not delay the end of the app.
 */
export const quietAgent = (protocol: string, maxSockets = 1): Agent => {
  const options = { keepAlive: true, maxSockets };
  return protocol === "http:" ? quiet(new Agent(options)) : quiet(new SecureAgent(options));
};
