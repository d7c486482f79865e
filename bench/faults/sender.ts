// A process that sends spans: node bench/faults/sender.ts <LoadOrder as JSON>; prints a LoadResult as JSON.
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadOrder, LoadResult } from "./load.ts";
import { createRequestTemplate } from "./request-template.ts";

const order = JSON.parse(process.argv[2] ?? "") as LoadOrder;
/** What exporters wait by default. */
const TIMEOUT_MS = 10_000;

const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
const nextBody = createRequestTemplate(order.service, order.spansPerRequest);
const answers: Record<string, number> = {};
const [acknowledgedMs, refusedMs, retryAfter]: [number[], number[], number[]] = [[], [], []];
let acknowledgedSpans = 0;

const note = (answer: string, wait: string | undefined, took: number): void => {
  answers[answer] = (answers[answer] ?? 0) + 1;
  if (answer === "200") {
    acknowledgedMs.push(took);
    acknowledgedSpans += order.spansPerRequest;
  } else if (answer === "503" || answer === "429") refusedMs.push(took);
  if (wait !== undefined) retryAfter.push(Number(wait));
};

const send = (due: number): Promise<void> =>
  new Promise((resolve) => {
    const body = nextBody();
    const headers = { "content-type": "application/json", "content-length": body.length };
    const end = (answer: string, wait?: string): void => {
      note(answer, wait, performance.now() - due);
      resolve();
    };
    const asked = request(`${order.url}/v1/traces`, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => end(String(response.statusCode), response.headers["retry-after"]));
    });
    asked.setTimeout(TIMEOUT_MS, () => asked.destroy(Object.assign(new Error(), { code: "timeout" })));
    asked.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
    asked.end(body);
  });

const until = performance.now() + order.seconds * 1000;

const inTurn = async (): Promise<void> => {
  while (performance.now() < until) await send(performance.now());
};

const atRate = async (perSecond: number): Promise<void> => {
  const sent: Promise<void>[] = [];
  for (let due = performance.now(); due < until; due += 1000 / perSecond) {
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    sent.push(send(due));
    // the sockets get their turn also when the sender is behind
    if (sent.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(sent);
};

if (order.perSecond === null) await Promise.all(Array.from({ length: order.connections }, inTurn));
else await atRate(order.perSecond);
agent.destroy();
const result: LoadResult = { answers, acknowledgedMs, refusedMs, retryAfter, acknowledgedSpans };
process.stdout.write(`${JSON.stringify(result)}\n`);
