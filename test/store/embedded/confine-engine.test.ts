import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confine } from "../../../store/embedded/confine-engine.ts";
import { startTestEngine, type TestEngine } from "./engine-client.ts";

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
});
afterAll(() => test.end());

const canConfine = async (): Promise<boolean> => (await confine(join(test.dir, "clickhouse"))) !== null;

const write = async (path: string): Promise<number> => {
  const answer = await fetch(test.engine.url, {
    method: "POST",
    body: `INSERT INTO FUNCTION file('${path}', 'CSV', 'a UInt8') SELECT 1`,
    headers: { authorization: `Basic ${btoa(`${test.engine.user}:${test.engine.password}`)}` },
  });
  return answer.status;
};

describe("an engine that is held to its folder", () => {
  it("writes there, and nowhere else, whoever asks", async () => {
    expect(test.engine.health().isConfined).toBe(await canConfine());
    const [inside, outside] = [join(test.dir, "clickhouse", "inside.csv"), join(test.dir, "outside.csv")];
    expect([await write(inside), existsSync(inside)]).toEqual([200, true]);
    if (!(await canConfine())) return;
    expect(await write(outside)).toBeGreaterThanOrEqual(400);
    expect(existsSync(outside)).toBe(false);
  });

  it("is the process that was started: a signal to it ends it", async () => {
    const pid = test.engine.pid();
    process.kill(pid, "SIGKILL");
    await expect.poll(() => test.engine.pid()).not.toBe(pid);
    await expect.poll(async () => (await fetch(`${test.engine.url}/ping`).catch(() => null))?.status).toBe(200);
  });
});

describe("confine", () => {
  it("is not led astray by a link or a blank in the path", async () => {
    const folder = join(test.dir, "a folder");
    await mkdir(folder);
    await symlink(folder, join(test.dir, "link"));
    for (const dir of [join(folder, "clickhouse"), join(test.dir, "link", "clickhouse")]) {
      expect((await confine(dir)) !== null).toBe(await canConfine());
    }
  });

  it("is null, and throws nothing, for a folder that cannot be made", async () => {
    expect(await confine("/dev/null/store")).toBeNull();
  });
});
