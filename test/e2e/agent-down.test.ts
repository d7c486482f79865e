import { afterEach, describe, expect, it } from "vitest";
import type { Child } from "../../demo/child.ts";
import { BASELINE_MODEL, CANDIDATE_MODEL } from "../../demo/documents.ts";
import { createWorld, type World } from "../../demo/world.ts";
import { eventually } from "./eventually.ts";
import { readStore } from "./read-store.ts";

const SMALL_QUEUE = 60;
/** Taken in while no agent runs, by both apps together; far more than the small queue holds. */
const CALLS_WITHOUT_AGENT = 400;

let world: World;
afterEach(() => world?.close());

/** Different calls in the store by the service that made them. */
const storedBy = async (): Promise<Readonly<Record<string, number>>> => {
  const sql = "SELECT service, uniqExact(trace_id, span_id) AS calls FROM llm_spans GROUP BY service";
  const rows = await readStore<{ service: string; calls: number }>(world.urls.store, sql);
  return Object.fromEntries(rows.map(({ service, calls }) => [service, calls]));
};

/** Spans apps had to drop, as the agent's metrics have it. */
const droppedBy = async (): Promise<Readonly<Record<string, number>>> => {
  const text = await (await fetch(`${world.urls.agent}/metrics`)).text();
  const lines = text.matchAll(/^leeway_app_spans_dropped_total\{service="([^"]+)",[^}]*\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, service, count]) => [service, Number(count)]));
};

/** What an app says of itself at its end: every call it made. */
const callsOf = async (app: Child): Promise<number> => {
  await app.stop();
  await app.ended;
  return JSON.parse(app.stdout()).calls;
};

const models = (): ReadonlySet<string> => new Set(world.provider.requests().map(({ model }) => model));

describe("apps that start while no agent runs", () => {
  it("serve the baseline, keep their spans within their bound, and count and report what they had to drop", async () => {
    world = await createWorld(3);
    const traffic = { users: 100, callsPerSecond: 40 };
    const roomy = await world.startApp(traffic);
    const cramped = await world.startApp({
      ...traffic,
      environment: { OTEL_SERVICE_NAME: "cramped", LEEWAY_MAX_QUEUE: String(SMALL_QUEUE), LEEWAY_SPOOL_DIR: "off" },
    });
    await eventually("calls without an agent", () => world.provider.requests().length >= CALLS_WITHOUT_AGENT);
    expect(models()).toEqual(new Set([BASELINE_MODEL]));
    await world.startAgent();
    await eventually("kept calls arrive", async () => ((await storedBy())["support-bot"] ?? 0) > 0, 60_000);
    await eventually("drops are reported", async () => ((await droppedBy()).cramped ?? 0) > 0, 60_000);
    await eventually("users get the candidate", () => models().has(CANDIDATE_MODEL));

    const made = { "support-bot": await callsOf(roomy), cramped: await callsOf(cramped) };
    const all = async (service: keyof typeof made): Promise<number> =>
      ((await storedBy())[service] ?? 0) + ((await droppedBy())[service] ?? 0);
    await eventually("every call is accounted for", async () => (await all("cramped")) === made.cramped);
    await eventually(
      "every kept call is stored",
      async () => (await storedBy())["support-bot"] === made["support-bot"],
    );
    expect((await droppedBy())["support-bot"] ?? 0).toBe(0);
    expect((await storedBy()).cramped).toBeGreaterThanOrEqual(SMALL_QUEUE);
    for (const app of [roomy, cramped]) expect(app.output()).toContain("does not take spans");
  }, 240_000);
});
