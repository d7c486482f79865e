import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "../../../demo/free-port.ts";
import { installPeers, requirePeer } from "./packages.ts";

/** An empty PostgreSQL database, in a folder of its own. */
export interface PeerDatabase {
  /** `postgres://…`, without a password: it listens on loopback alone. */
  readonly url: string;
  /** What it is: "PostgreSQL 15" or "PGlite". */
  readonly kind: string;
  readonly close: () => Promise<void>;
}

const DEBIAN = "/usr/lib/postgresql";

/** The newest PostgreSQL that Debian's packages have put there. */
const installed = (): string | null => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).filter((name) => /^\d+$/.test(name)) : [];
  return versions.toSorted((a, b) => Number(b) - Number(a))[0] ?? null;
};

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
const runAs = (command: string): boolean => {
  const [program, args] = isRoot() ? ["su", ["postgres", "-s", "/bin/sh", "-c", command]] : ["sh", ["-c", command]];
  return spawnSync(program as string, args as string[], { stdio: "ignore", cwd: "/" }).status === 0;
};

const startPostgres = async (version: string): Promise<PeerDatabase | null> => {
  const folder = await mkdtemp(join(tmpdir(), "leeway-pg-"));
  await chmod(folder, 0o777);
  const [bin, data, port] = [join(DEBIAN, version, "bin"), join(folder, "data"), await freePort()];
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
  const close = async (): Promise<void> => {
    runAs(`${bin}/pg_ctl -D ${data} -m immediate stop`);
    runAs(`rm -rf ${data}`);
    await rm(folder, { recursive: true, force: true });
  };
  const isUp =
    runAs(`${bin}/initdb -D ${data} -A trust -U postgres`) &&
    runAs(`${bin}/pg_ctl -D ${data} -o "${options}" -l ${data}/log -w start`) &&
    runAs(`${bin}/createdb -h 127.0.0.1 -p ${port} -U postgres unleash`);
  if (isUp) return { url: `postgres://postgres@127.0.0.1:${port}/unleash`, kind: `PostgreSQL ${version}`, close };
  await close();
  return null;
};

/** What is used of PGlite: PostgreSQL in WebAssembly, behind a socket. */
interface Pglite {
  readonly PGlite: { create(): Promise<{ close(): Promise<void> }> };
}
interface PgliteSocket {
  readonly PGLiteSocketServer: new (options: {
    db: unknown;
    port: number;
    host: string;
    maxConnections: number;
  }) => { start(): Promise<void>; stop(): Promise<void> };
}

const load = async <T>(name: string): Promise<T> => import(pathToFileURL(requirePeer.resolve(name)).href) as Promise<T>;

const startPglite = async (): Promise<PeerDatabase> => {
  const { PGlite } = await load<Pglite>("@electric-sql/pglite");
  const { PGLiteSocketServer } = await load<PgliteSocket>("@electric-sql/pglite-socket");
  const [db, port] = [await PGlite.create(), await freePort()];
  const server = new PGLiteSocketServer({ db, port, host: "127.0.0.1", maxConnections: 20 });
  await server.start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kind: "PGlite",
    close: async () => {
      await server.stop();
      await db.close();
    },
  };
};

/** Debian's PostgreSQL where it can be started, else PGlite from npm; or why neither can be had. */
export const startDatabase = async (): Promise<PeerDatabase | { readonly missing: string }> => {
  const version = process.env.LEEWAY_PEERS_PGLITE === "1" ? null : installed();
  const postgres = version === null ? null : await startPostgres(version);
  if (postgres !== null) return postgres;
  const missing = await installPeers(["@electric-sql/pglite", "@electric-sql/pglite-socket"]);
  return missing === null ? startPglite() : { missing: `no PostgreSQL, and ${missing}` };
};
