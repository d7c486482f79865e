import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { createAgentWatch, judgedCanaryCalls } from "../../../demo/agent-watch.ts";
import { type Child, startChild } from "../../../demo/child.ts";
import { BASELINE_MODEL, CANDIDATE_MODEL, MIGRATION_NAME } from "../../../demo/documents.ts";
import { failAndRollBack } from "../../../demo/fail-and-roll-back.ts";
import { createWorld, HEALTHY, type World } from "../../../demo/world.ts";
import type { DrillView } from "../../../status/drill-view.ts";
import { eventually } from "../../e2e/eventually.ts";
import type { Cell } from "../measure-target.ts";
import { PEERS_FOLDER } from "../peers/packages.ts";
import type { UnleashServer } from "../peers/unleash-server.ts";

const FLAG = "support-model";
const PLACE = `/projects/default/features/${FLAG}/environments/development`;
const HEALTHY_CANARY_CALLS = 60;
const HERE = fileURLToPath(new URL(".", import.meta.url));

const createFlag = async ({ admin }: UnleashServer): Promise<void> => {
  await admin("POST", "/projects/default/features", { name: FLAG, type: "release", impressionData: true });
  const payload = { type: "string", value: CANDIDATE_MODEL };
  await admin("POST", `${PLACE}/strategies`, {
    name: "flexibleRollout",
    parameters: { rollout: "0", stickiness: "default", groupId: FLAG },
    variants: [{ name: "canary", weight: 1000, weightType: "variable", stickiness: "default", payload }],
  });
};

/** The demo's world, with Unleash where the agent's own flag system is. */
const routeByUnleash = async ({ folder }: World, { url, adminToken }: UnleashServer): Promise<void> => {
  const [settings, document] = [join(folder, "leeway.yaml"), join(folder, "migrations", "support-bot.yaml")];
  const entry = `prod: { type: unleash, url: "${url}", token: "${adminToken}", environment: development, propagation: 3s }`;
  const [a, b] = [await readFile(settings, "utf8"), await readFile(document, "utf8")];
  await writeFile(settings, a.replace("builtin: { type: builtin }", entry));
  await writeFile(document, b.replace("target: builtin", "target: prod"));
};

const startApp = ({ provider, urls, folder }: World, { url, clientToken }: UnleashServer): Promise<Child> =>
  startChild(["--require", "leeway/instrumentation", join(HERE, "unleash-app.mjs")], {
    cwd: HERE,
    environment: {
      OPENAI_BASE_URL: provider.url,
      OPENAI_API_KEY: "key",
      UNLEASH_URL: url,
      UNLEASH_TOKEN: clientToken,
      UNLEASH_FROM: PEERS_FOLDER,
      BASELINE_MODEL,
      OTEL_SERVICE_NAME: "support-bot",
      LEEWAY_ENDPOINT: urls.collector,
      LEEWAY_SPOOL_DIR: join(folder, "app-spool"),
      USERS: "100",
      CALLS_PER_SECOND: "100",
    },
  });

const statusOf = async ({ admin }: UnleashServer): Promise<string> => {
  const { enabled, strategies } = await admin<{ enabled: boolean; strategies: { parameters: { rollout: string } }[] }>(
    "GET",
    PLACE,
  );
  return `${enabled ? "on" : "off"} ${strategies[0]?.parameters.rollout}%`;
};

const countOf = ({ webhook }: World, type: string): number =>
  webhook.received().filter(({ data }) => data.type === type).length;

/** What the story measures, as cells of the table. */
export interface StoryCells {
  /** From the flip of the rollback to the proof by the spans. */
  readonly drain: Cell;
  /** From the request of a drill until the share was restored, and whether all was as before. */
  readonly drill: Cell;
}

/** All that the flag's environment serves by. */
const servedOf = ({ admin }: UnleashServer): Promise<unknown> =>
  admin<Record<string, unknown>>("GET", PLACE).then(({ enabled, strategies, variants }) => ({
    enabled,
    strategies,
    variants,
  }));

/** A drill may take so long, from the request until the share is restored. */
const DRILL_MS = 30_000;

/** A drill by the command, as a person gives it: the flag is to be what it was, down to its strategies. */
const drill = async (world: World, server: UnleashServer, say: (line: string) => void): Promise<Cell> => {
  const before = await servedOf(server);
  const [started, paged] = [Date.now(), countOf(world, "page")];
  const child = await world.leeway("drill", MIGRATION_NAME, "--reason", "the story", "--by", "sam", "--json");
  const code = await child.ended;
  const ms = Date.now() - started;
  const { drill: view } = JSON.parse(
    child
      .output()
      .split("\n")
      .find((line) => line.startsWith("{")) ?? "{}",
  ) as {
    readonly drill?: DrillView;
  };
  if (view === undefined) throw new Error(`leeway drill ended with ${code}: ${child.output()}`);
  const steps = Object.entries(view.seconds).map(([step, seconds]) => `${step} ${seconds?.toFixed(1) ?? "-"} s`);
  const isSame = isDeepStrictEqual(await servedOf(server), before);
  say(`drill ${view.outcomeText}: ${steps.join(", ")}; Unleash says: ${await statusOf(server)}`);
  const since = Date.now();
  await eventually("canary calls after the drill", () =>
    world.provider.requests().some(({ model, start }) => model === CANDIDATE_MODEL && start >= since),
  );
  const isQuiet = countOf(world, "page") === paged;
  const ok = code === 0 && view.isOver && isSame && isQuiet && ms <= DRILL_MS;
  const text = `${(ms / 1000).toFixed(1)} s, ${isSame ? "as it was" : "NOT AS IT WAS"}${isQuiet ? "" : ", PAGED"}`;
  return { text, ok };
};

/**
 * The story of the demo on a real Unleash: 5% by the real SDK in the app, a drill, a candidate that turns bad, off, read back, drained by the
 * spans, and 5% again when a person re-arms. `say` is told each step. Throws when a step does not come.
 */
export const tellUnleashStory = async (server: UnleashServer, say: (line: string) => void): Promise<StoryCells> => {
  await createFlag(server);
  const world = await createWorld(12);
  let app: Child | null = null;
  try {
    await routeByUnleash(world, server);
    await world.startAgent();
    await eventually("5% on Unleash", async () => (await statusOf(server)) === "on 5%");
    say(`created and set: ${await statusOf(server)}`);
    app = await startApp(world, server);
    const watch = createAgentWatch(world);
    say(`${judgedCanaryCalls(await watch.judged(HEALTHY_CANARY_CALLS))} canary calls judged`);
    const drilled = await drill(world, server, say);
    const ended = await failAndRollBack(world, watch, (at, what) => say(`${at}: ${what}`));
    say(`Unleash says: ${await statusOf(server)}`);
    const isOff = (await statusOf(server)) === "off 5%";
    world.provider.set(CANDIDATE_MODEL, HEALTHY);
    const rearm = await world.leeway("rearm", MIGRATION_NAME, "--reason", "the provider is well", "--by", "sam");
    const code = await rearm.ended;
    if (code !== 0) throw new Error(`leeway rearm ended with ${code}: ${rearm.output()}`);
    await eventually("5% again", async () => (await statusOf(server)) === "on 5%");
    const since = Date.now();
    await eventually("canary calls again", () =>
      world.provider.requests().some(({ model, start }) => model === CANDIDATE_MODEL && start >= since),
    );
    say(`re-armed: ${await statusOf(server)}, and the candidate is called again`);
    const seconds = ((ended.provenAt - ended.flippedAt) / 1000).toFixed(1);
    const drain = { text: `in ${seconds} s`, ok: isOff && ended.canaryCallsAfterDrain === 0 };
    return { drain, drill: drilled };
  } finally {
    await app?.stop();
    await world.close();
  }
};
