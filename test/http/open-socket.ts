import { connect, type Socket } from "node:net";

/** A raw connection, for requests that no client would send. */
export interface RawSocket {
  readonly socket: Socket;
  readonly write: (text: string) => void;
  /** Everything received so far. */
  readonly received: () => string;
  readonly isClosed: () => boolean;
  readonly closed: Promise<void>;
}

/** Opens a connection to `url`; resolves when it is established. */
export const openSocket = async (url: string): Promise<RawSocket> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
  let [received, isClosed] = ["", false];
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  // a reset is one of the ways in which a connection ends here
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      isClosed = true;
      resolve();
    });
  });
  await Promise.race([new Promise<void>((resolve) => socket.once("connect", resolve)), closed]);
  return {
    socket,
    write: (text) => void socket.write(text),
    received: () => received,
    isClosed: () => isClosed,
    closed,
  };
};
