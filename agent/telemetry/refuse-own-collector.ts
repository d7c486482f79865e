import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { withinOr } from "../../async/within-or.ts";
import { LeewayError } from "../../core/errors.ts";
import { isLoopback, type ListenAddress, urlOf } from "../../http/listen-address.ts";
import type { TelemetryPlace } from "./telemetry-places.ts";

/** Where the agent's own collector listens, and under which names it is addressed. */
export interface OwnCollector {
  readonly listen: ListenAddress;
  readonly hosts: readonly string[];
}

/** What is known of names and of this machine. */
export interface AddressBook {
  /** The addresses of a name; rejects where it has none. */
  readonly addressesOf: (name: string) => Promise<readonly string[]>;
  /** Addresses of this machine. */
  readonly own: () => readonly string[];
}

/** The system's. */
export const SYSTEM_ADDRESSES: AddressBook = {
  addressesOf: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  own: () =>
    Object.values(networkInterfaces())
      .flat()
      .flatMap((found) => (found === undefined ? [] : [found.address])),
};

/** How long a name server is waited for. What it does not know in time is somebody else's. */
const NAME_MS = 2_000;

const WILDCARDS: readonly string[] = ["0.0.0.0", "::"];

const kindOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** Addresses that reach nobody but this machine: the loopback's, also written as IPv6, and none at all. */
const loopback = (): BlockList => {
  const list = new BlockList();
  list.addSubnet("127.0.0.0", 8, "ipv4");
  list.addAddress("::1", "ipv6");
  for (const any of WILDCARDS) list.addAddress(any, kindOf(any));
  return list;
};

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

const addressesOf = async (name: string, book: AddressBook): Promise<readonly string[]> => {
  if (isIP(name) !== 0) return [name];
  if (name === "localhost" || name.endsWith(".localhost")) return ["127.0.0.1"];
  return withinOr(
    NAME_MS,
    book.addressesOf(name).catch(() => []),
    [],
  );
};

/** The addresses under which the collector can be reached. */
const reachOf = async ({ host }: ListenAddress, book: AddressBook): Promise<BlockList> => {
  const isAnywhere = WILDCARDS.includes(host);
  const reach = isAnywhere || isLoopback(host) ? loopback() : new BlockList();
  const more = isAnywhere ? book.own() : await addressesOf(host, book);
  for (const address of more) reach.addAddress(address, kindOf(address));
  return reach;
};

const portOf = (url: URL): number => Number(url.port || (url.protocol === "https:" ? 443 : 80));

const isOwn = async ({ url }: TelemetryPlace, { listen, hosts }: OwnCollector, book: AddressBook): Promise<boolean> => {
  if (portOf(url) !== listen.port) return false;
  const name = bare(url.hostname);
  if (hosts.includes(name)) return true;
  const reach = await reachOf(listen, book);
  return (await addressesOf(name, book)).some((address) => reach.check(address, kindOf(address)));
};

const refusalOf = ({ signal, url, variable }: TelemetryPlace, { listen }: OwnCollector): string => {
  const name = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  // Never the whole: it may hold a password.
  const where = `${url.protocol}//${url.host}`;
  const said =
    variable === null
      ? `neither OTEL_EXPORTER_OTLP_ENDPOINT nor ${name} is set, and the default of OTLP, ${where},`
      : `${variable} is ${where}, which`;
  return (
    `agent.telemetry: ${said} is this agent's own collector (collector.listen ${urlOf(listen).slice("http://".length)}); ` +
    `name the collector that the agent's ${signal} are for, or set agent.telemetry to false`
  );
};

/**
 * Throws LeewayError `config-invalid` when telemetry would go to the agent's own collector, under whatever name or
 * address of this machine: the agent would watch itself.
 */
export const refuseOwnCollector = async (
  places: readonly TelemetryPlace[],
  collector: OwnCollector,
  book: AddressBook = SYSTEM_ADDRESSES,
): Promise<void> => {
  for (const place of places) {
    if (await isOwn(place, collector, book)) throw new LeewayError("config-invalid", refusalOf(place, collector));
  }
};
