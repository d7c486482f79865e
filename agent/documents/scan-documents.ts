import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { shownPath } from "../config/read-settings.ts";
import { readText } from "../config/read-text.ts";
import { MAX_YAML_BYTES } from "../config/read-yaml.ts";
import type { Settings } from "../config/settings.ts";
import { brokenDocument, type DeclaredDocument, declaredDocument } from "./declared-document.ts";

/** What lies at a path: its text, or why it cannot be read, in words. */
export type FileRead = { readonly text: string } | { readonly problem: string };

/** What a look at the folder found. */
export interface FolderRead {
  /** Why the folder cannot be read; empty when it can, and when it is not there. */
  readonly problem: string;
  /** By absolute path, in the order of the names. */
  readonly files: ReadonlyMap<string, FileRead>;
}

/** Editors keep what is no document yet under names that begin with a dot, and so does a mounted ConfigMap. */
const isDocument = (name: string): boolean => /^[^.].*\.ya?ml$/.test(name);

/** Where the documents of the leeway.yaml in `folder` are. */
export const documentFolder = (folder: string): string => join(folder, "migrations");

/** Names of the documents in a folder, sorted; none where it is not there. Never throws. */
export const namesIn = (folder: string): { readonly problem: string; readonly names: readonly string[] } => {
  try {
    return { problem: "", names: readdirSync(folder).filter(isDocument).sort() };
  } catch (cause) {
    const { code = "error" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return { problem: "", names: [] };
    const what = "expected a folder of migration documents";
    return { problem: `${shownPath(folder)}: cannot be read (${code}); ${what}`, names: [] };
  }
};

/** To open a pipe would wait for whoever writes into it, and everything else with it. */
const readFile = (path: string): FileRead => {
  try {
    if (!statSync(path).isFile()) return { problem: "it is no file; expected a migration document" };
    const read = readText(path, shownPath(path), MAX_YAML_BYTES, "expected a migration document");
    return "text" in read ? read : { problem: read.problems.map(({ text }) => text).join("; ") };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === "ENOENT" ? "it leads nowhere; expected a migration document" : messageOf(error) };
  }
};

/** Reads `migrations/*.yaml` beside leeway.yaml, whatever is there. Never throws. */
export const readFolder = (folder: string): FolderRead => {
  const documents = documentFolder(folder);
  const { problem, names } = namesIn(documents);
  const paths = names.map((name) => join(documents, name));
  return { problem, files: new Map(paths.map((path) => [path, readFile(path)])) };
};

/** By the flag systems and the path: what was made of a text the last time. A text is read once as long as it stays what it is. */
const made = new WeakMap<Settings["flags"], Map<string, DeclaredDocument>>();

const documentOf = (path: string, text: string, flags: Settings["flags"]): DeclaredDocument => {
  const known = made.get(flags) ?? new Map<string, DeclaredDocument>();
  made.set(flags, known);
  const before = known.get(path);
  if (before !== undefined && before.text === text) return before;
  const document = declaredDocument(path, text, flags);
  known.set(path, document);
  return document;
};

/** The documents of the files of a folder. The same text at the same path is the same document. */
export const documentsIn = (files: FolderRead["files"], flags: Settings["flags"]): readonly DeclaredDocument[] => {
  const known = made.get(flags);
  for (const path of known?.keys() ?? []) if (!files.has(path)) known?.delete(path);
  return [...files].map(([path, read]) =>
    "text" in read
      ? documentOf(path, read.text, flags)
      : brokenDocument(path, null, [{ file: shownPath(path), path: "", text: read.problem }]),
  );
};
