import { gzipSync } from "node:zlib";
import { CONTENT_TYPES } from "../../collector/otlp/encoding.ts";
import { type CollectorChild, startCollectorChild } from "./decode/child.ts";
import { HONEST } from "./decode/honest-shapes.ts";
import { HOSTILE } from "./decode/hostile-shapes.ts";
import type { Shape } from "./decode/shape.ts";
import { measureThroughput } from "./decode/throughput.ts";

/*
 * Sends bodies of every shape, honest and hostile, to a collector in a process of its own, and prints how it fared: what it
 * answered, how much memory it took at most, and for how long its event loop was held at most. Exits 1 when an answer is
 * wrong or the collector ended; `--short` sends smaller bodies and fewer at a time.
 */

const isShort = process.argv.includes("--short");
const only = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";

/** The largest body a collector takes, less what the request around the shape needs. */
const BYTES = 16 * 1024 ** 2 - 4096;

/** What a sender waits for an answer. */
const PATIENCE_MS = 60_000;

const MIB = 1024 ** 2;

interface Outcome {
  readonly shape: string;
  readonly sent: number;
  readonly inflated: number;
  readonly answers: readonly (number | string)[];
  readonly growth: number;
  readonly blockMs: number;
  readonly busyMs: number;
  readonly tookMs: number;
}

const send = async (url: string, { path, encoding, gzip }: Shape, body: Uint8Array): Promise<number | string> => {
  const headers = { "content-type": CONTENT_TYPES[encoding], ...(gzip ? { "content-encoding": "gzip" } : {}) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(url + path, { method: "POST", headers, body: Buffer.from(body), signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "no answer" : "cut off";
  }
};

const measure = async (collector: CollectorChild, shape: Shape, times: number): Promise<Outcome> => {
  const body = shape.body(BYTES);
  const sent = shape.gzip ? gzipSync(body) : body;
  const before = await collector.read();
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: times }, () => send(collector.url, shape, sent)));
  const tookMs = performance.now() - begun;
  const after = await collector.read();
  const ended = { growth: Number.NaN, blockMs: Number.NaN, busyMs: Number.NaN };
  const held = before === null || after === null ? ended : { ...after, growth: after.peak - before.rss };
  const { growth, blockMs, busyMs } = held;
  return { shape: shape.name, sent: sent.length, inflated: body.length, answers, growth, blockMs, busyMs, tookMs };
};

const columns = [12, 10, 12, 10, 10, 10, 10];
const row = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(52)}${cells.map((cell, index) => cell.padStart(columns[index] ?? 10)).join("")}\n`;
const print = (text: string): void => void process.stdout.write(text);

const told = (answers: readonly (number | string)[]): string =>
  [...new Set(answers)].map((answer) => `${answers.filter((each) => each === answer).length}x${answer}`).join(" ");

const printOutcome = ({ shape, sent, inflated, answers, growth, blockMs, busyMs, tookMs }: Outcome): void =>
  print(
    row(shape, [
      String(Math.round(sent / 1024)),
      String(Math.round(inflated / 1024)),
      answers.length === 1 ? String(answers[0]) : told(answers),
      Number.isNaN(growth) ? "ended" : String(Math.round(Math.max(0, growth) / MIB)),
      ...[blockMs, busyMs].map((ms) => (Number.isNaN(ms) ? "ended" : String(Math.round(ms)))),
      String(Math.round(tookMs)),
    ]),
  );

/** Each in a collector of its own, so that the memory of one is not what another left behind. */
const runShape = async (shape: Shape, times: number): Promise<Outcome> => {
  const collector = await startCollectorChild();
  try {
    // compiled code and the first connection are not what is measured
    await send(collector.url, shape, shape.gzip ? gzipSync(Buffer.from("{}")) : Buffer.from("{}"));
    return await measure(collector, shape, times);
  } finally {
    await collector.close();
  }
};

const isWrong = ({ expected }: Shape, { answers }: Outcome, times: number): boolean =>
  answers.some((answer) => !(expected as readonly unknown[]).includes(answer) && !(times > 1 && answer === 503));

print(row("shape", ["sent KiB", "body KiB", "answer", "MiB more", "held ms", "of CPU", "took ms"]));
let wrong = 0;
const outcomes: Outcome[] = [];
const runAll = async (shapes: readonly Shape[], times: number): Promise<void> => {
  for (const shape of shapes.filter(({ name }) => name.includes(only))) {
    const outcome = await runShape(shape, times);
    outcomes.push(outcome);
    if (isWrong(shape, outcome, times)) wrong += 1;
    printOutcome({ ...outcome, shape: times > 1 ? `${times} at a time: ${shape.name}` : shape.name });
  }
};
const most = (value: (outcome: Outcome) => number): number => Math.round(Math.max(0, ...outcomes.map(value)));

await runAll(isShort ? HONEST.filter((_shape, index) => index % 3 === 0) : HONEST, 1);
await runAll(isShort ? HOSTILE.filter((_shape, index) => index % 4 === 0) : HOSTILE, 1);
if (!isShort) await runAll([...HONEST.slice(3, 6), ...HOSTILE.filter(({ gzip }) => !gzip)], 8);
print(row("\nordinary bodies", ["CPU us/call", "calls/s"]));
for (const shape of HONEST.filter(({ name }) => name.includes("512 spans of 25") && name.includes(only))) {
  const { cpuUs, callsPerSecond } = await measureThroughput(shape, isShort ? 20 : 100);
  print(row(shape.name, [cpuUs.toFixed(1), String(Math.round(callsPerSecond))]));
}
print(
  `\nlongest block ${most(({ blockMs }) => blockMs)} ms, ${most(({ busyMs }) => busyMs)} ms of processor time; most memory ${most(({ growth }) => growth / MIB)} MiB, `,
);
print(`${wrong} of ${outcomes.length} answers wrong\n`);
process.exitCode = wrong > 0 || outcomes.some(({ growth }) => Number.isNaN(growth)) ? 1 : 0;
