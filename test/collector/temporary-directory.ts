import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new directory that is removed when the test ends. */
export const temporaryDirectory = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), "leeway-collector-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
};
