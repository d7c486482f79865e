import { isIPv4, isIPv6 } from "node:net";

/** Address to bind; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** True for a host that only this machine can reach; without the brackets of a URL. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));

const WILDCARDS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where what listens on `address` can be reached from this machine, without a slash at the end. */
export const urlOf = ({ host, port }: ListenAddress, scheme = "http"): string => {
  const name = WILDCARDS[host] ?? host;
  return `${scheme}://${isIPv6(name) ? `[${name}]` : name}:${port}`;
};
