import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { createWorld, type World } from "../../demo/world.ts";
import type { StatusView } from "../../status/status-page.ts";
import { eventually } from "./eventually.ts";

let world: World;
afterEach(() => world?.close());

/** The same folder under other ports. */
const writeSecondSettings = async (): Promise<void> => {
  let settings = await readFile(join(world.folder, "leeway.yaml"), "utf8");
  for (const url of Object.values(world.urls)) {
    settings = settings.replace(new URL(url).port, String(await freePort()));
  }
  await writeFile(join(world.folder, "second.yaml"), settings);
};

const judgedUpTo = async (): Promise<number> =>
  (await world.api.get<StatusView>("/api/v1/status")).migrations[0]?.lastTick ?? 0;

describe("a second agent on the same folder", () => {
  it("is refused in one line with exit code 2, and the first goes on", async () => {
    world = await createWorld(4);
    await world.startAgent();
    await writeSecondSettings();
    const seconds = await Promise.all([world.leeway("start"), world.leeway("start", "--config", "second.yaml")]);
    for (const second of seconds) {
      expect(await second.ended).toBe(2);
      expect(second.output().trimEnd().split("\n")).toHaveLength(1);
      expect(second.output()).toContain(`is in use by the agent with process id ${world.agent().pid}; stop it`);
    }
    const before = await judgedUpTo();
    await eventually("the first agent judges on", async () => (await judgedUpTo()) > before);
    expect((await world.api.get<StatusView>("/api/v1/status")).problems).toEqual([]);
    expect(world.agent().isRunning()).toBe(true);
  }, 120_000);
});
