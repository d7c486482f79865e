import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of the test's own, removed when it goes out of scope. */
export const temporaryDirectory = async (): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> => {
  const path = await mkdtemp(join(tmpdir(), "leeway-store-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
