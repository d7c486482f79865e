import { isIP, connect as openTcp } from "node:net";
import { connect as openTls } from "node:tls";
import { codeOfError } from "../http-call.ts";
import type { ChannelProbe } from "./channel.ts";

const failed = (what: string): ChannelProbe => ({
  outcome: "failed",
  detail: `cannot be reached: ${what}; check the address, and that this machine may connect to it`,
});

const placeOf = ({ protocol, hostname, port }: URL): { host: string; port: number } => ({
  host: hostname.replace(/^\[|\]$/g, ""),
  port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
});

/**
 * Opens a connection to the host of an http(s) address, checks its certificate where it is https, and sends nothing: for
 * receivers that have no harmless call. What was reached may still refuse a notice, so that this is never `ready`.
 */
export const probeAddress = (address: string, signal: AbortSignal): Promise<ChannelProbe> =>
  new Promise((resolve) => {
    const url = new URL(address);
    const isSecure = url.protocol === "https:";
    const place = placeOf(url);
    const socket = isSecure
      ? openTls({ ...place, ...(isIP(place.host) === 0 ? { servername: place.host } : {}) })
      : openTcp(place);
    const end = (probe: ChannelProbe): void => {
      resolve(probe);
      signal.removeEventListener("abort", giveUp);
      socket.destroy();
    };
    const giveUp = (): void => end(failed("no answer in time"));
    const reached = isSecure ? "the host answers and its certificate is trusted" : "the host answers";
    socket.on(isSecure ? "secureConnect" : "connect", () => end({ outcome: "unknown", detail: reached }));
    socket.on("error", (error) => end(failed(codeOfError(error))));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
