import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { npm } from "../../peers/install-packages.ts";
import type { SdkRow } from "./sdk-under-test.ts";

/** Where the SDKs are kept between runs: outside of the repository. */
const FOLDER = process.env.LEEWAY_SDKS_DIR ?? join(tmpdir(), "leeway-flag-sdks");

const isThere = ([name, version]: SdkRow["packages"][number]): boolean => {
  const file = join(FOLDER, "node_modules", name, "package.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
};

/** Installs them unless they are there; null, or why they cannot be had. */
export const prepareSdks = async (packages: SdkRow["packages"]): Promise<string | null> => {
  if (packages.every(isThere)) return null;
  await mkdir(FOLDER, { recursive: true });
  const manifest = join(FOLDER, "package.json");
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true, "type": "module" }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const wanted = packages.map(([name, version]) => `${name}@${version}`);
  const { ok, reason } = await npm(["install", "-E", ...flags, ...wanted], FOLDER);
  return ok && packages.every(isThere) ? null : reason || "npm did not install it";
};

/** The exports of an installed package. */
export const loadSdk = (name: string): Promise<unknown> =>
  import(pathToFileURL(createRequire(join(FOLDER, "package.json")).resolve(name)).href);
