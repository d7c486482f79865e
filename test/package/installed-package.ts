import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProcess } from "./run-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The package as a user gets it: packed, and installed into an empty project. */
export interface InstalledPackage {
  /** The project's directory; `node_modules/leeway` is in it. */
  readonly project: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
  /** Writes a file into the project and returns its path. */
  readonly write: (name: string, text: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  const { code, stdout, stderr } = await runProcess("npm", args, { cwd, timeoutMs: 150_000 });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
};

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** npm prints a list, or since version 12 an object by package name. */
const readPacked = (text: string): Packed => {
  const parsed: unknown = JSON.parse(text);
  const [packed] = Object.values(Object(parsed));
  return packed as Packed;
};

/** Packs dist/ as it is (run `npm run build` first) and installs the tarball without any optional package. */
export const installPackage = async (): Promise<InstalledPackage> => {
  if (!existsSync(join(root, "dist"))) throw new Error("dist/ is missing; run: npm run build");
  const place = await mkdtemp(join(tmpdir(), "leeway-package-"));
  const project = join(place, "project");
  await mkdir(project);
  const { filename, files } = readPacked(await npm(["pack", "--json", "--pack-destination", place], root));
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(project, name);
    await writeFile(path, text);
    return path;
  };
  await write("package.json", JSON.stringify({ name: "app", version: "1.0.0", private: true }));
  await npm(
    ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", join(place, filename)],
    project,
  );
  const remove = (): Promise<void> => rm(place, { recursive: true, force: true });
  return { project, files: files.map(({ path }) => path), write, remove };
};

/** Bytes of all files below a directory. Links are not followed. */
export const sizeOf = async (directory: string): Promise<number> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
};
