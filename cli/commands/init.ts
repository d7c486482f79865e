import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LeewayError } from "../../core/errors.ts";
import { EXAMPLE_MIGRATION, EXAMPLE_SETTINGS } from "./init-templates.ts";

/** Writes leeway.yaml and migrations/example.yaml into `folder`; touches nothing that is there. Returns what it wrote. */
export const initFiles = (folder: string): readonly string[] => {
  const files = [
    [join(folder, "leeway.yaml"), EXAMPLE_SETTINGS],
    [join(folder, "migrations", "example.yaml"), EXAMPLE_MIGRATION],
  ] as const;
  const taken = files.find(([path]) => existsSync(path));
  if (taken !== undefined) {
    throw new LeewayError(
      "config-invalid",
      `${taken[0]}: exists already; expected a folder without it, nothing was written`,
    );
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  }
  return files.map(([path]) => path);
};
