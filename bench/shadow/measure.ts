import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { ShadowPlan } from "../../core/shadow-plan.ts";

/** One user's call, as the app saw it. */
interface Call {
  readonly at: number;
  readonly ms: number;
  /** Number of the question, and a hash of the answer. */
  readonly question: number;
  readonly hash: string;
}

interface Usage {
  readonly at: number;
  readonly cpuUs: number;
  readonly rss: number;
}

/** What the shadow did to the app's users in one row. */
export interface Impact {
  readonly calls: number;
  /** User's latency, ms, off and on. */
  readonly p50: readonly [number, number];
  readonly p99: readonly [number, number];
  /** CPU of the app's process a user's call, us, off and on. */
  readonly cpuUs: readonly [number, number];
  /** Second calls the candidate's provider saw. */
  readonly second: number;
  /** Users' answers that were others with the shadow on than off, of the questions asked in both. */
  readonly different: number;
  /** Resident memory, MiB: most of it off, most of it on. */
  readonly rss: readonly [number, number];
}

/** How long a block is, and how many of either kind. */
export interface Effort {
  readonly blockMs: number;
  readonly blocks: number;
  readonly rate: number;
}

/** How the candidate's provider behaves. */
export type Candidate = "answers" | "hangs" | "fails" | "slow";

const ANSWER_MS = 20;
const SLOW_MS = 3_000;

const answerTo = (text: string): string => {
  const words = "you can change the address in your account settings and the next invoice will show it".split(" ");
  const at = text.length + Number(/question (\d+)/.exec(text)?.[1] ?? 0);
  return Array.from({ length: 120 }, (_, i) => words[(at * 7 + i * i) % words.length]).join(" ");
};

/** Answers models as an OpenAI-like provider; in this process, which is not the app's. */
const startProvider = async (candidate: () => Candidate) => {
  let second = 0;
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const { model, messages } = JSON.parse(Buffer.concat(parts).toString("utf8"));
    const how = model === "old" ? "answers" : candidate();
    if (model !== "old") second += 1;
    if (how === "hangs") return;
    await wait(how === "slow" ? SLOW_MS : ANSWER_MS);
    if (how === "fails") return void response.writeHead(500).end('{"error":{"message":"no"}}');
    const message = { role: "assistant", content: answerTo(JSON.stringify(messages)) };
    const body = {
      id: "c",
      object: "chat.completion",
      created: 1,
      model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
    };
    const usage = { prompt_tokens: 20, completion_tokens: 150, total_tokens: 170 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ...body, usage }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, second: () => second, server };
};

/** Tells the app what to shadow, and takes what it sends. */
const startAgent = async (plan: () => ShadowPlan | null) => {
  const server = createServer(async (incoming, response) => {
    for await (const _ of incoming);
    const now = plan();
    const plans = { plans: now === null ? [] : [now], goodForMs: 1_500 };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(incoming.method === "GET" ? JSON.stringify(plans) : "{}");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;

const inside = <T extends { readonly at: number }>(all: readonly T[], blocks: readonly (readonly [number, number])[]) =>
  all.filter(({ at }) => blocks.some(([from, to]) => at >= from && at < to));

const cpuOf = (usages: readonly Usage[], calls: readonly Call[], blocks: readonly (readonly [number, number])[]) => {
  const of = blocks.map((block) => inside(usages, [block]));
  const cpu = of.reduce((sum, own) => sum + (own.at(-1)?.cpuUs ?? 0) - (own[0]?.cpuUs ?? 0), 0);
  const counted = of.reduce((sum, own) => {
    const [from, to] = [own[0]?.at ?? 0, own.at(-1)?.at ?? 0];
    return sum + inside(calls, [[from, to]]).length;
  }, 0);
  return cpu / counted;
};

const listen = (app: ChildProcess, calls: Call[], usages: Usage[]): void => {
  if (app.stdout === null) throw new Error("no output");
  createInterface(app.stdout).on("line", (line) => {
    const [a, b, c, d] = JSON.parse(line.slice(line.indexOf(" ")));
    if (line.startsWith("call")) calls.push({ at: a, ms: b, question: c, hash: d });
    else usages.push({ at: a, cpuUs: b, rss: c });
  });
};

/** Blocks without and with a shadow in turn, in one process of an app. The first seconds of a block are no part of it. */
export const measureImpact = async (
  candidate: Candidate,
  left: ShadowPlan["left"],
  { blockMs, blocks, rate }: Effort,
): Promise<Impact> => {
  let isOn = false;
  const provider = await startProvider(() => candidate);
  const agent = await startAgent(() =>
    isOn
      ? {
          ...{
            migration: "bench",
            operation: null,
            baselineModel: "old",
            candidateModel: "new",
            share: 1,
            selfRerun: 0,
          },
          ...{ audience: null, baseUrl: null, key: null, timeoutMs: 2_000, concurrency: 8, left },
        }
      : null,
  );
  const app = spawn(
    process.execPath,
    ["--require", "leeway/instrumentation", new URL("app.mjs", import.meta.url).pathname],
    {
      cwd: new URL("../..", import.meta.url).pathname,
      env: {
        ...{
          PATH: process.env.PATH,
          OPENAI_BASE_URL: provider.url,
          OPENAI_API_KEY: "sk-bench",
          LEEWAY_ENDPOINT: agent.url,
        },
        ...{ LEEWAY_SPOOL_DIR: "off", RATE: String(rate) },
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [calls, usages]: [Call[], Usage[]] = [[], []];
  const [off, on]: [(readonly [number, number])[], (readonly [number, number])[]] = [[], []];
  try {
    listen(app, calls, usages);
    await wait(4_000);
    for (let i = 0; i < 2 * blocks; i++) {
      isOn = i % 2 === 1;
      await wait(2_500);
      const from = Date.now();
      await wait(blockMs);
      (isOn ? on : off).push([from, Date.now()]);
    }
  } finally {
    const ended = once(app, "exit");
    app.kill("SIGKILL");
    await ended;
    provider.server.closeAllConnections();
    provider.server.close();
    agent.server.closeAllConnections();
    agent.server.close();
  }
  const [without, withShadow] = [inside(calls, off), inside(calls, on)];
  const known = new Map(without.map(({ question, hash }) => [question, hash]));
  const both = (of: (own: readonly Call[]) => number): readonly [number, number] => [of(without), of(withShadow)];
  const mib = (own: readonly Usage[]): number => Math.max(...own.map(({ rss }) => rss)) / 1024 ** 2;
  return {
    calls: without.length + withShadow.length,
    p50: both((own) =>
      quantile(
        own.map(({ ms }) => ms),
        0.5,
      ),
    ),
    p99: both((own) =>
      quantile(
        own.map(({ ms }) => ms),
        0.99,
      ),
    ),
    cpuUs: [cpuOf(usages, calls, off), cpuOf(usages, calls, on)],
    second: provider.second(),
    different: withShadow.filter(({ question, hash }) => (known.get(question) ?? hash) !== hash).length,
    rss: [mib(inside(usages, off)), mib(inside(usages, on))],
  };
};
