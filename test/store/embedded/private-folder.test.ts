import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makePrivate } from "../../../store/embedded/private-folder.ts";
import { aBatch, aSpan } from "../a-span.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openTestStore } from "../test-store.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const modes = async (folder: string): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const { mode } = await stat(join(entry.parentPath, entry.name)).catch(() => ({ mode: 0 }));
    // The engine may have removed it meanwhile.
    if (mode !== 0) found.add(`${entry.isDirectory() ? "folder" : "file"} ${(mode & 0o777).toString(8)}`);
  }
  return found;
};

const PRIVATE = new Set(["folder 700", "file 600"]);

describe("makePrivate", () => {
  it("makes a folder, or closes one with all that is in it; a link's target is left alone", async () => {
    const { path, remove } = await temporaryDirectory();
    cleanups.push(remove);
    const folder = join(path, "store");
    await mkdir(join(folder, "a", "b"), { recursive: true, mode: 0o755 });
    await writeFile(join(folder, "a", "b", "rows"), "", { mode: 0o644 });
    await writeFile(join(path, "outside"), "");
    await chmod(join(path, "outside"), 0o644);
    await symlink(join(path, "outside"), join(folder, "link"));
    await chmod(folder, 0o755);
    await makePrivate(folder);
    expect(await modes(folder)).toEqual(PRIVATE);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, "outside"))).mode & 0o777).toBe(0o644);
    await makePrivate(join(path, "new"));
    expect((await stat(join(path, "new"))).mode & 0o777).toBe(0o700);
  });
});

describe("the embedded store", () => {
  it("writes nothing that others may read, and closes what an older version left open", async () => {
    const test = await openTestStore();
    cleanups.push(test.end);
    await test.store().insertSpans(aBatch([aSpan()], "one"));
    expect(await modes(test.dir)).toEqual(PRIVATE);
    await chmod(join(test.dir, "clickhouse"), 0o755);
    await chmod(join(test.dir, "clickhouse", "store"), 0o755);
    await test.reopen();
    expect(await modes(test.dir)).toEqual(PRIVATE);
    expect(await test.store().query("SELECT count() AS n FROM llm_spans")).toEqual([{ n: 1 }]);
  });
});
