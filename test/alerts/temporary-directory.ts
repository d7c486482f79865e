import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A fresh directory that is removed after the test file. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "leeway-alerts-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};
