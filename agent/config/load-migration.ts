import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { migrationFiles } from "./load-config.ts";
import { readMigration } from "./migration-document.ts";
import { configInvalid } from "./problem.ts";
import { shownPath } from "./read-settings.ts";
import { readYaml } from "./read-yaml.ts";

/** The document at `path`. Throws LeewayError `config-missing` or `config-invalid`. */
export const loadDocument = (path: string, targets: readonly string[]): Migration => {
  const yaml = readYaml(path, shownPath(path), "expected a migration document");
  const read = "problems" in yaml ? yaml : readMigration(yaml.value, shownPath(path), targets);
  if ("problems" in read) throw configInvalid(read.problems);
  return read.migration;
};

const nameIn = (path: string): unknown => {
  const yaml = readYaml(path, shownPath(path));
  return "problems" in yaml ? null : (yaml.value as { readonly migration?: unknown } | null)?.migration;
};

/**
 * The document beside leeway.yaml (in `folder`) that declares the migration `name`; the others need not be valid. Throws
 * LeewayError `migration-unknown`, or what loadDocument throws.
 */
export const loadMigration = (folder: string, name: string, targets: readonly string[]): Migration => {
  const files = migrationFiles(folder);
  const file = files.find((path) => nameIn(path) === name);
  if (file !== undefined) return loadDocument(file, targets);
  const known = files.map(nameIn).filter((each) => typeof each === "string");
  throw new LeewayError("migration-unknown", `no migration ${name}; expected one of: ${known.join(", ") || "none"}`);
};
