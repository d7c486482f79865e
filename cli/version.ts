import { readFileSync } from "node:fs";

const read = (path: string): string | null => {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Readonly<
      Record<string, string>
    >;
    return name === "leeway" ? (version ?? null) : null;
  } catch {
    return null;
  }
};

/** The product's version, from the package.json above cli/ (source) or dist/cli/ (package). */
export const VERSION: string = read("../package.json") ?? read("../../package.json") ?? "unknown";
