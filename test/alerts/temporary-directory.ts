import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];
// Registered while the file is loaded: inside a running test a hook is ignored without a word.
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A fresh directory that is removed after the test file. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "leeway-alerts-"));
  made.push(directory);
  return directory;
};
