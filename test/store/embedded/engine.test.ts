import { afterEach, describe, expect, it } from "vitest";
import { type Engine, type EngineJob, loadChdb, openEngine } from "../../../store/embedded/engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/* The engine binds one directory per process, so this file opens it once. */

let engine: Engine | null = null;
let remove: (() => Promise<void>) | null = null;
afterEach(async () => {
  await engine?.close();
  await remove?.();
});

const job = (sql: string, more: Partial<EngineJob> = {}): EngineJob => ({
  sql,
  role: "admin",
  format: "TSVRaw",
  database: "",
  settings: [],
  params: [],
  readonly: false,
  ...more,
});

describe("loadChdb", () => {
  it("says null, and throws nothing, where chdb is not installed", () => {
    expect(loadChdb(["/nowhere/module.js"])).toBeNull();
  });

  it("finds it in the first place that has it", () => {
    expect(loadChdb(["/nowhere/module.js", import.meta.url])).toHaveProperty("Session");
  });
});

describe("openEngine", () => {
  it("gives every job a state of its own, runs them side by side and leaves no file behind", async () => {
    const chdb = loadChdb();
    if (chdb === null) throw new Error("chdb is a development dependency");
    const directory = await temporaryDirectory();
    remove = directory.remove;
    const opened = await openEngine({ dir: directory.path, memoryBytes: 4e9, readable: ["d"] }, chdb);
    engine = opened;
    const text = async (sql: string, more: Partial<EngineJob> = {}): Promise<string> =>
      Buffer.from((await opened.run(job(sql, more))).bytes)
        .toString()
        .trim();
    expect(opened.version).toMatch(/^\d+\.\d+/);
    expect(await text("SELECT {a:String}", { params: [["a", "it's"]] })).toBe("it's");
    await expect(text("SELECT {a:String}")).rejects.toThrow("Substitution `a` is not set");
    expect(await text("SELECT getSetting('max_threads')", { settings: [["max_threads", "1"]] })).toBe("1");
    expect(await text("SELECT getSetting('max_result_rows')")).toBe("0");
    await expect(text("CREATE DATABASE x", { readonly: true })).rejects.toThrow("READONLY");
    await expect(text("SELECT currentDatabase()", { database: "nowhere" })).rejects.toThrow("Code: 81");
    expect(await text("SELECT currentDatabase()", { database: "system" })).toBe("system");
    const start = performance.now();
    await Promise.all([1, 2, 3].map(() => text("SELECT sleep(0.5)")));
    expect(performance.now() - start).toBeLessThan(1_400);
    const seen = await opened.withFile(Buffer.from("1\n2\n"), async (path) => [
      path,
      await text(`SELECT sum(c1) FROM file('${path}', 'CSV')`),
    ]);
    expect(seen[1]).toBe("3");
    await expect(text(`SELECT * FROM file('${seen[0]}', 'CSV', 'a UInt8')`)).rejects.toThrow();
  });
});
