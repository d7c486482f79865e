import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ApiClient, createApiClient } from "../cli/api-client.ts";
import { LeewayError } from "../core/errors.ts";
import { type Child, startChild } from "./child.ts";
import { BASELINE_MODEL, CANDIDATE_MODEL, demoLives, demoMigration, demoSettings } from "./documents.ts";
import { type FakeProvider, startFakeProvider } from "./fake-provider.ts";
import { freePort } from "./free-port.ts";
import type { Behaviour } from "./provider/behaviour.ts";
import { readerUrl } from "./reader-url.ts";
import {
  type ReceivedSlack,
  type ReceivedWebhook,
  type Receiver,
  startSlackReceiver,
  startWebhookReceiver,
} from "./receivers.ts";
import { waitUntil } from "./wait-until.ts";

/** How both models behave while all is well: the candidate is a little faster, and one call in a hundred fails. */
export const HEALTHY: Behaviour = {
  isSteady: true,
  latencyMs: { median: 90, sigma: 0.4 },
  failures: [{ share: 0.01, failure: 500 }],
};

/** A candidate that should stay in the shadow: it fences the JSON of one segment, and refuses some of another. */
export const UNFIT: Behaviour = {
  ...HEALTHY,
  where: [
    { says: "Answer as json", is: { fenceShare: 1 } },
    { says: "step by step", is: { refusalShare: 0.06 } },
  ],
};

/** The candidate after it turned bad: one call in five fails. */
export const FAILING: Behaviour = { ...HEALTHY, failures: [{ share: 0.2, failure: 500 }] };

/** What the app is started with. */
export interface Traffic {
  readonly users: number;
  readonly callsPerSecond: number;
  /** Beside what the app needs, e.g. LEEWAY_MAX_QUEUE. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Everything the demo starts; all of it on loopback, the data in a temporary folder. */
export interface World {
  readonly folder: string;
  readonly provider: FakeProvider;
  readonly webhook: Receiver<ReceivedWebhook>;
  readonly slack: Receiver<ReceivedSlack>;
  readonly api: ApiClient;
  /**
   * Addresses of the agent: status page and API, OTLP, the embedded engine's ClickHouse interface. The last has user and
   * password of the reader in it.
   */
  readonly urls: { readonly agent: string; readonly collector: string; readonly store: string };
  /** The agent started last. */
  readonly agent: () => Child;
  /** Starts the agent, after the first time again on the same folder; resolves when it is ready. */
  readonly startAgent: () => Promise<void>;
  readonly startApp: (traffic: Traffic) => Promise<Child>;
  /** Runs `leeway …args` in the folder. */
  readonly leeway: (...args: readonly string[]) => Promise<Child>;
  /** Ends every process and server; `keep` leaves the folder. */
  readonly close: (options?: { readonly keep?: boolean }) => Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const NEEDED = ["chdb", "openai", "@openfeature/server-sdk", "@openfeature/ofrep-provider", "@openfeature/ofrep-core"];

const require = createRequire(import.meta.url);

const checkPackages = (): void => {
  const missing = NEEDED.filter((name) => {
    try {
      require.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  const wanted = missing.map((name) => (name === "@openfeature/ofrep-core" ? `${name}@0.1.4` : name));
  throw new LeewayError(
    "missing-package",
    `the demo runs real SDKs that are not installed; run "npm install ${wanted.join(" ")}"`,
  );
};

/** The command line's entry in the folder beside this one: TypeScript in the repository, JavaScript in the package. */
const cliEntry = (): string => {
  const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "cli");
  const compiled = join(folder, "main.js");
  return existsSync(compiled) ? compiled : join(folder, "main.ts");
};

const appFolder = (): string => join(dirname(fileURLToPath(import.meta.url)), "app");

const onLoopback = (port: number): string => `http://127.0.0.1:${port}`;

const isReady = async (url: string): Promise<true | null> => {
  const response = await fetch(`${url}/readyz`).catch(() => null);
  return response?.ok ? true : null;
};

/** Starts provider and receivers and writes the documents; agent and app are started by the caller. */
export const createWorld = async (
  seed: number,
  { isShadowed = false }: { readonly isShadowed?: boolean } = {},
): Promise<World> => {
  checkPackages();
  const folder = await mkdtemp(join(tmpdir(), "leeway-demo-"));
  const webhookSecret = `whsec_${randomBytes(24).toString("base64")}`;
  const provider = await startFakeProvider({ seed, models: { [BASELINE_MODEL]: HEALTHY, [CANDIDATE_MODEL]: HEALTHY } });
  const [webhook, slack] = await Promise.all([startWebhookReceiver({ secret: webhookSecret }), startSlackReceiver()]);
  const [storePort, collectorPort, agentPort] = [await freePort(), await freePort(), await freePort()];
  const addresses = {
    storePort,
    collectorPort,
    agentPort,
    webhookUrl: webhook.url,
    webhookSecret,
    slackUrl: slack.url,
  };
  await mkdir(join(folder, "migrations"));
  await writeFile(join(folder, "leeway.yaml"), demoSettings(addresses));
  await writeFile(join(folder, "models.yaml"), demoLives());
  await writeFile(join(folder, "migrations", "support-bot.yaml"), demoMigration(isShadowed));
  const urls = {
    agent: onLoopback(agentPort),
    collector: onLoopback(collectorPort),
    store: await readerUrl(join(folder, ".leeway"), storePort),
  };
  const children: Child[] = [];
  let agent: Child | null = null;

  const started = async (args: readonly string[], options: Parameters<typeof startChild>[1]): Promise<Child> => {
    const child = await startChild(args, options);
    children.push(child);
    return child;
  };

  const leeway = (...args: readonly string[]): Promise<Child> => started([cliEntry(), ...args], { cwd: folder });

  return {
    folder,
    provider,
    webhook,
    slack,
    api: createApiClient(urls.agent, null),
    urls,
    leeway,
    agent: () => {
      if (agent === null) throw new Error("the agent was not started");
      return agent;
    },
    startAgent: async () => {
      const child = await leeway("start");
      agent = child;
      const ready = await waitUntil(() => (child.isRunning() ? isReady(urls.agent) : false), READY_TIMEOUT_MS);
      if (ready === true) return;
      throw new LeewayError("store-unavailable", `the demo's agent did not get ready:\n${child.output()}`);
    },
    startApp: ({ users, callsPerSecond, environment = {} }) =>
      started(["--require", "leeway/instrumentation", "app.js"], {
        cwd: appFolder(),
        environment: {
          OPENAI_BASE_URL: provider.url,
          OPENAI_API_KEY: "demo-key",
          OFREP_URL: urls.agent,
          BASELINE_MODEL,
          OTEL_SERVICE_NAME: "support-bot",
          LEEWAY_ENDPOINT: urls.collector,
          LEEWAY_SPOOL_DIR: join(folder, "app-spool"),
          USERS: String(users),
          CALLS_PER_SECOND: String(callsPerSecond),
          ...environment,
        },
      }),
    close: async ({ keep = false } = {}) => {
      for (const child of children.toReversed()) await child.stop();
      await Promise.all([provider.close(), webhook.close(), slack.close()]);
      if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
