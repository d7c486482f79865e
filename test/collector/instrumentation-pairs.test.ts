import { describe, expect, test } from "vitest";
import { type InstrumentationPair, PAIRS, type PairSpan, TWO_CALLS } from "./instrumentation-pairs.ts";
import { jsonRequest } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";

/** What an app sends of several instrumentations at once. */
const together = (spans: readonly PairSpan[]): object => ({
  resourceSpans: spans.flatMap(({ scope, span }) => jsonRequest([span], { scope }).resourceSpans),
});

const rowsOf = async (requests: readonly object[]): Promise<readonly (string | undefined)[]> => {
  const { collector, post, rows } = await startCollector();
  for (const request of requests) expect((await post("/v1/traces", request)).status).toBe(200);
  await collector.flush();
  return rows().map((row) => String(row.span_id));
};

const idsOf = ({ spans, rows }: InstrumentationPair): readonly (string | undefined)[] =>
  rows.map((index) => spans[index]?.span.spanId).toSorted();

describe.each([...PAIRS, ...TWO_CALLS])("$pair", (pair) => {
  const { spans, count } = pair;
  const orders = [spans, spans.toReversed()];

  test("in one request, in both orders: the best row of each call", async () => {
    for (const order of orders) {
      const rows = await rowsOf([together(order)]);
      if (count === undefined) expect(rows.toSorted()).toEqual(idsOf(pair));
      else expect(rows).toHaveLength(count);
    }
  });

  test("one request after the other, in both orders: a row of each call, also when all is sent again", async () => {
    for (const order of orders) {
      const requests = order.map((span) => together([span]));
      expect(await rowsOf([...requests, ...requests])).toHaveLength(count ?? pair.rows.length);
    }
  });
});
