import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { builtinModules, createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { scanModule } from "../architecture/scan-module.ts";

/** Optional peers, which the code asks for by itself and reports as missing. */
const OPTIONAL = /^(chdb|@opentelemetry\/sdk-node)(\/|$)/;

/** The demo's user app is no part of the product: it imports what the demo's reader has installed. */
const DEMO_APP = join("demo", "app");

const resolves = (file: string, specifier: string): boolean => {
  if (specifier.startsWith(".")) return existsSync(join(dirname(file), specifier));
  if (specifier.startsWith("node:") || builtinModules.includes(specifier) || OPTIONAL.test(specifier)) return true;
  const paths = createRequire(file).resolve.paths(specifier) ?? [];
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return paths.some((path) => existsSync(join(path, name)));
};

/** Imports of the JavaScript modules below a directory that name no file or package there: `file: specifier`. */
export const unresolvedImports = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js") && !entry.parentPath.endsWith(DEMO_APP))
    .map((entry) => join(entry.parentPath, entry.name));
  const unresolved = files.map(async (file) => {
    const { imports } = scanModule(await readFile(file, "utf8"));
    return imports
      .filter(({ specifier }) => !resolves(file, specifier))
      .map(({ specifier }) => `${relative(directory, file)}: ${specifier}`);
  });
  return (await Promise.all(unresolved)).flat();
};
