import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./install-packages.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The package as users get it. */
export interface PackedLeeway {
  readonly tarball: string;
  readonly remove: () => void;
}

/** Packs dist/ as it is (run `npm run build` first), or takes a tarball there is. */
export const packLeeway = async (given: string | null): Promise<PackedLeeway> => {
  if (given !== null) return { tarball: given, remove: () => {} };
  const place = mkdtempSync(join(tmpdir(), "leeway-peers-"));
  const { ok, reason, stdout } = await npm(["pack", "--json", "--pack-destination", place], join(HERE, "..", ".."));
  if (!ok) throw new Error(`npm pack: ${reason}`);
  const [packed] = Object.values(JSON.parse(stdout)) as { filename: string }[];
  return {
    tarball: join(place, packed?.filename ?? ""),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
};

/** Unpacks the tarball where every app below `folder` (default: all of them) finds it, in place of an older one. */
export const placeLeeway = ({ tarball }: PackedLeeway, folder: string = HERE): void => {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  const work = mkdtempSync(join(modules, ".leeway-"));
  execFileSync("tar", ["-xzf", tarball, "-C", work]);
  rmSync(join(modules, "leeway"), { recursive: true, force: true });
  renameSync(join(work, "package"), join(modules, "leeway"));
  rmSync(work, { recursive: true, force: true });
};
