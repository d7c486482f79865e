import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npm } from "../../peers/install-packages.ts";

/** Exact versions of what runs beside Leeway here. Unleash's server is started, never shipped. */
const PACKAGES: Readonly<Record<string, string>> = {
  "unleash-server": "8.2.0",
  "unleash-client": "6.12.1",
  "@grpc/grpc-js": "1.14.7",
  "@openfeature/core": "1.12.0",
  "@openfeature/server-sdk": "1.23.0",
  "@openfeature/flagd-provider": "0.16.1",
  "@electric-sql/pglite": "0.5.14",
  "@electric-sql/pglite-socket": "0.2.17",
};

/** Where they are kept between runs: outside of the repository. */
export const PEERS_FOLDER: string = process.env.LEEWAY_PEERS_DIR ?? join(tmpdir(), "leeway-flag-peers");

/** A file of an installed package. */
export const peerPath = (name: string, file: string): string => join(PEERS_FOLDER, "node_modules", name, file);

/** The version that is installed; null = none. */
export const versionOf = (name: string): string | null => {
  const file = peerPath(name, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : null;
};

/** Installs one of them unless it is there; null, or why it cannot be had. */
const install = async (name: string): Promise<string | null> => {
  const version = PACKAGES[name];
  if (versionOf(name) === version) return null;
  await mkdir(PEERS_FOLDER, { recursive: true });
  const manifest = join(PEERS_FOLDER, "package.json");
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true, "type": "module" }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"];
  const { ok, reason } = await npm(["install", "-E", ...flags, `${name}@${version}`], PEERS_FOLDER);
  return ok && versionOf(name) === version ? null : `${name}@${version}: ${reason || "npm did not install it"}`;
};

/** Installs them one after the other; null, or why not all can be had. */
export const installPeers = async (names: readonly string[]): Promise<string | null> => {
  for (const name of names) {
    const problem = await install(name);
    if (problem !== null) return problem;
  }
  return null;
};

/** `require` as from the folder they are in. */
export const requirePeer: NodeJS.Require = createRequire(join(PEERS_FOLDER, "package.json"));
