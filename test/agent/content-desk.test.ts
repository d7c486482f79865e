import { describe, expect, it } from "vitest";
import { createContentDesk } from "../../agent/content-desk.ts";
import type { ContentRow } from "../../core/content-row.ts";
import type { Store } from "../../store/store.ts";
import { aContent } from "../store/a-content.ts";
import { aPair } from "../store/a-pair.ts";
import { T0 } from "../store/a-span.ts";

const DAY = 86_400_000;

const deskOver = (rows: readonly ContentRow[], now = T0) => {
  const asked: unknown[] = [];
  const store: Pick<Store, "contentAfter" | "contentOfCalls"> = {
    contentAfter: async (request) => {
      asked.push(request);
      return rows.slice(0, request.limit);
    },
    contentOfCalls: async ({ calls, sinceMs }) =>
      rows.filter(
        (row) => row.received_ms > sinceMs && calls.some(({ spanId }) => spanId === row.span_id && spanId !== ""),
      ),
  };
  return { asked, desk: createContentDesk({ store, keepMs: 14 * DAY, now: () => now }) };
};

/** A pair and the content of both of its sides. */
const told = () => {
  const pair = aPair();
  const served = aContent({ trace_id: pair.trace_id, span_id: pair.span_id });
  const second = aContent({
    ...{ trace_id: pair.other_trace_id, span_id: pair.other_span_id, cohort: "shadow", pair_id: pair.id },
    ...{ truncated: ["output"], request: "" },
  });
  return { pair, served, second };
};

describe("the content of a pair", () => {
  it("is what was asked and both answers, whichever came first", async () => {
    const { pair, served, second } = told();
    for (const rows of [
      [served, second],
      [second, served],
    ])
      expect(await deskOver(rows).desk.ofPair(pair)).toMatchObject({
        ...{ pair: pair.id, servedModel: "gpt-4o", secondModel: "gpt-5" },
        served: { state: "there", request: { temperature: 0.2 }, output: [{ parts: [{ content: "On its way." }] }] },
        second: { state: "there", request: {}, truncated: ["output"], system: [], tools: [] },
      });
  });

  it("is plainly absent on the side where none came, and expired where its time is up", async () => {
    const { pair, served } = told();
    expect(await deskOver([served]).desk.ofPair(pair)).toMatchObject({
      served: { state: "there" },
      second: { state: "absent" },
    });
    expect(await deskOver([served], T0 + 15 * DAY).desk.ofPair(pair)).toMatchObject({
      ...{ served: { state: "expired" }, second: { state: "expired" } },
    });
  });

  it("of a count without calls is absent", async () => {
    const pair = aPair({ trace_id: "", span_id: "", other_trace_id: "", other_span_id: "" });
    expect(await deskOver([aContent()]).desk.ofPair(pair)).toMatchObject({ served: { state: "absent" } });
  });
});

describe("a page of calls", () => {
  it("says where the next one begins, and takes that back", async () => {
    const rows = [aContent(), aContent(), aContent()];
    const { asked, desk } = deskOver(rows);
    const page = await desk.page("shadowed", "", 2);
    expect(page).toMatchObject({ schema: "leeway.content/1", calls: [{ messages: [{ role: "user" }] }, {}] });
    await desk.page("shadowed", page?.next ?? "", 5);
    expect(asked).toMatchObject([
      { after: { receivedMs: 0, traceId: "", spanId: "" }, cohort: "baseline", sinceMs: T0 - 14 * DAY },
      { after: { receivedMs: T0, traceId: rows[1]?.trace_id, spanId: rows[1]?.span_id } },
    ]);
    expect((await desk.page("shadowed", "", 5))?.next).toBeNull();
  });

  it("is none for a place that is none", async () => {
    for (const after of ["1", "x.y.z", `1.${"g".repeat(32)}.${"0".repeat(16)}`, "' OR 1=1"])
      expect(await deskOver([]).desk.page("m", after, 5)).toBeNull();
  });
});
