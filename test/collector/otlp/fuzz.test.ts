import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Encoding } from "../../../collector/otlp/encoding.ts";
import { TRACES } from "../../../collector/otlp/signals.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import {
  jsonLogs,
  jsonRequest,
  type Plain,
  protobufLogs,
  protobufRequest,
  type SpanSpec,
  START_MS,
} from "../otlp-request.ts";
import { startCollector } from "../start-collector.ts";
import { decodeAtOnce } from "./received-spans.ts";

type Random = () => number;

const below = (random: Random, most: number): number => Math.floor(random() * most);
const pick = <T>(random: Random, all: readonly T[], otherwise: T): T => all[below(random, all.length)] ?? otherwise;

const TEXTS = ["", "a", "}]", '"\\', "{[", ",", "héllo 👋", "\u0000\u2028", "x".repeat(300), "[".repeat(50)];

const anyValue = (random: Random, depth: number): Plain => {
  const kind = below(random, depth > 3 ? 4 : 5);
  if (kind === 0) return pick(random, TEXTS, "");
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return below(random, 2 ** 31) - 2 ** 30;
  if (kind === 3) return random() * 1e9 + 0.5;
  return Array.from({ length: below(random, 5) }, () => anyValue(random, depth + 1));
};

const attributes = (random: Random): Record<string, Plain> =>
  Object.fromEntries(
    Array.from({ length: below(random, 8) }, () => [
      `${pick(random, TEXTS, "k")}${below(random, 9)}`,
      anyValue(random, 0),
    ]),
  );

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => below(random, 16).toString(16)).join("");

const anySpan = (random: Random): SpanSpec => ({
  traceId: hex(random, 32),
  spanId: hex(random, 16),
  parentSpanId: random() < 0.5 ? "" : hex(random, 16),
  name: pick(random, TEXTS, ""),
  startMs: START_MS + below(random, 1000),
  endMs: START_MS + 1000 + below(random, 1000),
  status: 1 + below(random, 2),
  attributes: random() < 0.7 ? { "gen_ai.operation.name": "chat", ...attributes(random) } : attributes(random),
  events: Array.from({ length: below(random, 3) }, () => ({
    name: pick(random, TEXTS, ""),
    attributes: attributes(random),
  })),
});

test("any valid request decodes to the same spans from both encodings", () => {
  const random = seededRandom(19);
  for (let round = 0; round < 200; round += 1) {
    const spans = Array.from({ length: below(random, 6) }, () => anySpan(random));
    const origin = { scope: pick(random, TEXTS, ""), resource: attributes(random) };
    const json = decodeAtOnce(TRACES, "json", Buffer.from(JSON.stringify(jsonRequest(spans, origin))));
    expect(json.records).toHaveLength(spans.length);
    expect(decodeAtOnce(TRACES, "protobuf", protobufRequest(spans, origin))).toEqual(json);
  }
});

/** Changes a body as chance has it: bytes flipped, ranges repeated, swapped or cut out, the end lost. */
const mutate = (body: Uint8Array, random: Random): Buffer => {
  let bytes = Buffer.from(body);
  for (let edits = 1 + below(random, 4); edits > 0; edits -= 1) {
    const [from, length] = [below(random, bytes.length), below(random, 200)];
    const part = bytes.subarray(from, from + length);
    const kind = below(random, 4);
    if (kind === 0 && bytes.length > 0) bytes[from] = below(random, 256);
    if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, from), part, part, bytes.subarray(from)]);
    if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    if (kind === 3 && random() < 0.2) bytes = bytes.subarray(0, from);
  }
  return bytes;
};

test("any broken request is answered with 200, 400 or 413, and the collector goes on", async () => {
  const random = seededRandom(2019);
  const { collector, post } = await startCollector({ maxBodyBytes: 200_000 });
  const counts: Record<number, number> = {};
  for (let round = 0; round < 300; round += 1) {
    const spans = Array.from({ length: 1 + below(random, 4) }, () => anySpan(random));
    const logs = spans.map(({ traceId = "", spanId = "", attributes: said = {} }) => ({
      traceId,
      spanId,
      attributes: said,
    }));
    const encoding: Encoding = random() < 0.5 ? "json" : "protobuf";
    const isLogs = random() < 0.3;
    const json = Buffer.from(JSON.stringify(isLogs ? jsonLogs(logs) : jsonRequest(spans)));
    const whole = encoding === "json" ? json : isLogs ? protobufLogs(logs) : protobufRequest(spans);
    const body = mutate(whole, random);
    const isZipped = random() < 0.3;
    const answer = await post(isLogs ? "/v1/logs" : "/v1/traces", isZipped ? gzipSync(body) : body, {
      "content-type": encoding === "json" ? "application/json" : "application/x-protobuf",
      ...(isZipped ? { "content-encoding": "gzip" } : {}),
    });
    await answer.arrayBuffer();
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  }
  expect(Object.keys(counts).filter((status) => !["200", "400", "413"].includes(status))).toEqual([]);
  expect(counts[200]).toBeGreaterThan(20);
  expect(counts[400]).toBeGreaterThan(20);
  expect((await post("/v1/traces", jsonRequest([anySpan(random)]))).status).toBe(200);
  expect(collector.stats().refused).toMatchObject({ internal: 0, overloaded: 0 });
});
