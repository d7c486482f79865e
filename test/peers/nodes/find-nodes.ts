import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "../install-packages.ts";
import type { NodeVersion } from "../instrumentation/run-matrix.ts";

/** Major versions of Node the matrix runs on; the npm package `node` brings them. */
const MAJORS = ["22", "24", "26"];

/** The Nodes that could be installed, and why others could not. */
export interface FoundNodes {
  readonly found: readonly NodeVersion[];
  readonly missing: readonly { readonly major: string; readonly reason: string }[];
}

/** Installs the Nodes other than the one that runs; `only` limits them to some major versions. */
export const findNodes = async (only: readonly string[] | null): Promise<FoundNodes> => {
  const found: NodeVersion[] = [];
  const missing: { major: string; reason: string }[] = [];
  for (const major of only ?? MAJORS) {
    if (process.versions.node.startsWith(`${major}.`)) {
      found.push({ major, executable: process.execPath });
      continue;
    }
    const folder = fileURLToPath(new URL(major, import.meta.url));
    const reason = await installPackages(folder);
    if (reason === null) found.push({ major, executable: join(folder, "node_modules", "node", "bin", "node") });
    else missing.push({ major, reason });
  }
  return { found, missing };
};
