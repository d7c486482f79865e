import { flagTargetType } from "../../alerts/flags/create-flag-target.ts";
import type { Migration } from "../../core/migration.ts";
import { readMigration } from "../config/migration-document.ts";
import type { Problem } from "../config/problem.ts";
import { shownPath } from "../config/read-settings.ts";
import { parseYaml } from "../config/read-yaml.ts";
import type { Settings } from "../config/settings.ts";
import { shareStepProblems } from "../config/share-steps.ts";
import { unservedSegmentProblems } from "../config/unserved-segments.ts";

/** One migration document as it lies on disk. */
export interface DeclaredDocument {
  readonly path: string;
  /** The path as people are shown it. */
  readonly file: string;
  /** The migration it declares, also where the rest of it is wrong; null where that cannot be told. */
  readonly name: string | null;
  /** Null where it cannot be read. */
  readonly text: string | null;
  /** Null where there are problems. */
  readonly migration: Migration | null;
  readonly problems: readonly Problem[];
}

const NAME_LINE = /^migration:[ \t]*["']?([a-z0-9][a-z0-9._-]{0,99})\b/m;

const nameIn = (value: unknown, text: string): string | null => {
  const declared = (value as { readonly migration?: unknown } | null)?.migration;
  return typeof declared === "string" ? declared : (NAME_LINE.exec(text)?.[1] ?? null);
};

/** A document that cannot be used; what there is of it is for telling which migration it was meant for. */
export const brokenDocument = (path: string, text: string | null, problems: readonly Problem[]): DeclaredDocument => ({
  path,
  file: shownPath(path),
  name: text === null ? null : nameIn(null, text),
  text,
  migration: null,
  problems,
});

/** Reads the text of the document at `path`, for the flag systems of leeway.yaml. */
export const declaredDocument = (path: string, text: string, flags: Settings["flags"]): DeclaredDocument => {
  const file = shownPath(path);
  const yaml = parseYaml(text, file);
  if ("problems" in yaml) return brokenDocument(path, text, yaml.problems);
  const read = readMigration(yaml.value, file, Object.keys(flags));
  const broken = { ...brokenDocument(path, text, []), name: nameIn(yaml.value, text) };
  if ("problems" in read) return { ...broken, problems: read.problems };
  const capabilities = flagTargetType(flags[read.migration.route.target]?.type)?.capabilities;
  const problems = [
    ...shareStepProblems(read.migration, capabilities?.shareStep ?? 0, file),
    ...(capabilities === undefined ? [] : unservedSegmentProblems(read.migration, capabilities, file)),
  ];
  return { ...broken, problems, migration: problems.length > 0 ? null : read.migration };
};
