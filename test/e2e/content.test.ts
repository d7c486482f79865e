import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { MIGRATION_NAME } from "../../demo/documents.ts";
import { createWorld, type World } from "../../demo/world.ts";
import type { ContentPage } from "../../status/content-view.ts";
import type { PairsView } from "../../status/pairs-view.ts";
import { leeway } from "../cli/leeway.ts";
import { eventually } from "./eventually.ts";
import { readStore } from "./read-store.ts";

/* Content on its whole way: real app and preload, real agent and engine, the command line beside them. */

let world: World;
afterEach(() => world?.close());

const path = `/api/v1/migrations/${MIGRATION_NAME}`;
const page = (): Promise<ContentPage> => world.api.get<ContentPage>(`${path}/content?limit=100`);
const view = (): Promise<PairsView> => world.api.get<PairsView>(`${path}/pairs`);

/** The command line beside the agent, with the environment that its user has. */
const beside = (...args: readonly string[]) =>
  leeway(world.folder, args, { LEEWAY_ENDPOINT: world.urls.collector, OPENAI_API_KEY: "demo-key" });

describe("content that app and agent opt in to", () => {
  it("is asked of the candidate beside the app, and both answers are shown side by side", async () => {
    world = await createWorld(13, { isShadowed: true });
    await appendFile(join(world.folder, "leeway.yaml"), "content: { keep: 14d }\nbaselines: {}\n");
    await world.startAgent();
    const app = await world.startApp({
      ...{ users: 20, callsPerSecond: 20 },
      environment: { LEEWAY_SHADOW: "off", LEEWAY_CAPTURE_CONTENT: "true" },
    });
    await eventually("content is stored", async () => (await page()).calls.length >= 30);
    await app.stop();
    const [first] = (await page()).calls;
    expect(first).toMatchObject({ cohort: "baseline", migration: MIGRATION_NAME });
    expect(JSON.stringify(first?.messages)).toMatch(/"role":"user".*\?"/);
    expect(first?.output).toHaveLength(1);

    const asked = await beside(
      ...["shadow", MIGRATION_NAME, "--once", "--rate", "50", "--provider", "openai-compatible"],
      ...["--base-url", world.provider.url, "--baseline-provider", "openai-compatible"],
      ...["--baseline-url", world.provider.url, "--json"],
    );
    expect([asked.code, asked.stderr]).toEqual([0, ""]);
    await eventually("pairs are stored", async () => ((await view()).coverage.candidate.paired ?? 0) >= 20);

    const [pair] = await readStore<{ pair: string }>(
      world.urls.store,
      "SELECT id AS pair FROM llm_pairs WHERE kind = 'candidate' AND outcome = 'paired' LIMIT 1",
    );
    const shown = await beside("pairs", MIGRATION_NAME, "--pair", pair?.pair ?? "");
    expect([shown.code, shown.stderr]).toEqual([0, ""]);
    expect(shown.stdout).toContain("served");
    expect(shown.stdout).not.toContain("not kept");
    const listed = await beside("baseline", "list", MIGRATION_NAME);
    expect([listed.code, listed.stdout]).toEqual([4, expect.stringContaining("no example is kept yet")]);
  }, 240_000);
});
