import { gzipSync } from "node:zlib";
import { CONTENT_TYPES } from "../../../collector/otlp/encoding.ts";
import { startCollectorChild } from "./child.ts";
import type { Shape } from "./shape.ts";

/** What ordinary bodies cost a collector. */
export interface Throughput {
  readonly shape: string;
  /** Median processor time of the whole process for one call, us. */
  readonly cpuUs: number;
  /** Calls a second, one request after the other. */
  readonly callsPerSecond: number;
}

/** Compiled code is what is measured. */
const WARM_UP = 20;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Sends `requests` bodies of one shape, each with calls of its own, one after the other. */
export const measureThroughput = async (shape: Shape, requests: number): Promise<Throughput> => {
  const { path, encoding, gzip } = shape;
  const collector = await startCollectorChild();
  const headers = { "content-type": CONTENT_TYPES[encoding], ...(gzip ? { "content-encoding": "gzip" } : {}) };
  const [costs, times]: [number[], number[]] = [[], []];
  try {
    for (let request = 0; request < WARM_UP + requests; request += 1) {
      const body = shape.body(0);
      const sent = Buffer.from(gzip ? gzipSync(body) : body);
      const before = await collector.read();
      const begun = performance.now();
      const answer = await fetch(collector.url + path, { method: "POST", headers, body: sent });
      await answer.arrayBuffer();
      const tookMs = performance.now() - begun;
      const after = await collector.read();
      if (before === null || after === null || !answer.ok) throw new Error(`${shape.name}: ${answer.status}`);
      const calls = after.rows - before.rows;
      if (request < WARM_UP) continue;
      costs.push((after.cpuUs - before.cpuUs) / calls);
      times.push((calls * 1000) / tookMs);
    }
  } finally {
    await collector.close();
  }
  return { shape: shape.name, cpuUs: median(costs), callsPerSecond: median(times) };
};
