import { describe, expect, test } from "vitest";
import { createFindingExamples } from "../../agent/finding-examples.ts";
import type { Finding, SpanId } from "../../core/finding.ts";
import type { Judgement } from "../../core/verdict.ts";
import type { ExampleRequest } from "../../store/span-examples.ts";
import { aFinding } from "../fixtures/a-finding.ts";

const SPAN: SpanId = { trace_id: "a".repeat(32), span_id: "b".repeat(16) };
const HOUR = 3_600_000;

const judgement = (findings: readonly Finding[], at = 100 * HOUR): Judgement => ({
  ...{ migration: "m", at, stage: 0, verdicts: [] },
  shape: { findings, notes: [], attribution: { changed: [], text: "unknown", differences: [] } },
});

const world = (answer: (request: ExampleRequest) => Promise<readonly SpanId[]>) => {
  const asked: ExampleRequest[] = [];
  const exampleSpans = (request: ExampleRequest) => {
    asked.push(request);
    return answer(request);
  };
  return { asked, examples: createFindingExamples(() => ({ name: "m" }), { exampleSpans }) };
};

describe("example calls of findings", () => {
  test("are looked up once, and are part of every later judgement", async () => {
    const { asked, examples } = world(async () => [SPAN]);
    await examples.look(judgement([aFinding()]));
    const later = judgement([aFinding()], 101 * HOUR);
    await examples.look(later);
    expect(asked).toHaveLength(1);
    expect(examples.attach(later)?.shape?.findings[0]?.exampleSpans).toEqual([SPAN]);
    expect(examples.attach(judgement([aFinding({ feature: "hedging" })]))?.shape?.findings[0]?.exampleSpans).toEqual(
      [],
    );
  });

  test("are looked for in the last hour, then in the last day; not again for ten minutes", async () => {
    const { asked, examples } = world(async () => []);
    await examples.look(judgement([aFinding()]));
    await examples.look(judgement([aFinding()], 100 * HOUR + 60_000));
    expect(asked.map(({ since, until }) => (until - since) / HOUR)).toEqual([1, 24]);
    await examples.look(judgement([aFinding()], 100 * HOUR + 600_000));
    expect(asked).toHaveLength(4);
  });

  test("are not worth a round: two findings at a time, and a store that fails changes nothing", async () => {
    const { asked, examples } = world(() => Promise.reject(new Error("down")));
    const findings = ["code_fence", "hedging", "words"].map((feature) => aFinding({ feature }));
    await examples.look(judgement(findings));
    expect(new Set(asked.map(({ finding }) => finding.feature))).toEqual(new Set(["code_fence", "hedging"]));
    expect(examples.attach(judgement(findings))?.shape?.findings.map(({ exampleSpans }) => exampleSpans)).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("do not concern a judgement without findings", async () => {
    const { asked, examples } = world(async () => [SPAN]);
    const plain: Judgement = { migration: "m", at: 0, stage: 0, verdicts: [] };
    await examples.look(plain);
    await examples.look(null);
    expect(asked).toEqual([]);
    expect(examples.attach(plain)).toBe(plain);
    expect(examples.attach(null)).toBeNull();
  });
});
