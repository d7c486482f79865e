import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../agent/beside/run-beside.ts";
import type { StoredContent } from "../../agent/beside/stored-content.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { aContent } from "../agent/beside/a-content.ts";
import { eventually } from "../instrumentation/eventually.ts";
import { listen, type OtlpReceiver, startOtlpReceiver } from "../instrumentation/otlp-receiver.ts";
import { PLAN } from "../instrumentation/shadow/shadow-bench.ts";
import { runProcess } from "../package/run-process.ts";
import { MAIN } from "./leeway.ts";

const QUICK = { latencyMs: { median: 5, sigma: 0 } };

let folder: string;
let provider: FakeProvider;
let receiver: OtlpReceiver;
let agent: Awaited<ReturnType<typeof listen>>;
/** What the agent has of content, and what it knows to have been asked: the pairs that came in, and `alsoAsked`. */
let stored: readonly StoredContent[];
let alsoAsked: readonly string[];

const pairs = () => receiver.logs.filter(({ eventName }) => eventName === "leeway.pair");
const askedCalls = (): readonly string[] => [
  ...alsoAsked,
  ...pairs().flatMap(({ traceId, spanId, attributes }) =>
    attributes["leeway.pair.kind"] === "candidate" && spanId ? [`${traceId}.${spanId}`] : [],
  ),
];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leeway-beside-"));
  provider = await startFakeProvider({ seed: 1, models: { old: QUICK, new: QUICK } });
  receiver = await startOtlpReceiver();
  alsoAsked = [];
  stored = Array.from({ length: 6 }, (_, n) => aContent({}, n + 1));
  agent = await listen(async (request, response) => {
    const url = new URL(request.url ?? "", "http://agent");
    const after = url.searchParams.get("after");
    const from = after === null ? 0 : stored.findIndex((call) => placeOf(call) === after) + 1;
    const named = new Set((url.searchParams.get("calls") ?? "").split(","));
    const body = url.pathname.endsWith("/content")
      ? { calls: stored.slice(from, from + 4), next: null }
      : {
          calls: askedCalls()
            .filter((call) => named.has(call))
            .map((call) => ({ traceId: call.split(".")[0], spanId: call.split(".")[1] })),
        };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
});
afterEach(async () => {
  await Promise.all([provider.close(), receiver.close(), agent.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const run = async (plan: Partial<ShadowPlan> = {}, ...more: readonly string[]) => {
  receiver.plans = { plans: [{ ...PLAN, timeoutMs: 5000, ...plan }], migrations: ["bot"], goodForMs: 90_000 };
  const at = ["--base-url", provider.url, "--baseline-url", provider.url, "--rate", "100"];
  const args = [MAIN, "shadow", "bot", "--agent", agent.url, "--once", "--json", ...at, ...more];
  const env = { LEEWAY_ENDPOINT: receiver.url, LEEWAY_SPOOL_DIR: "off", OPENAI_API_KEY: "sk-test" };
  const ended = await runProcess(process.execPath, args, { cwd: folder, env });
  return { ...ended, told: ended.stdout === "" ? null : JSON.parse(ended.stdout) };
};

describe("leeway shadow, beside an app", () => {
  it("asks the candidate what stored calls asked, and its pairs and spans are as the preload's", async () => {
    const { code, told, stderr } = await run({ selfRerun: 1 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(told).toMatchObject({ outcomes: { "candidate paired": 6, "rerun paired": 6 }, stopped: "" });
    const shadows = receiver.spans.filter(({ attributes }) => attributes["leeway.cohort"] === "shadow");
    expect([shadows.length, receiver.spans.length]).toEqual([12, 12]);
    for (const { attributes, spanId, traceId } of pairs()) {
      expect(stored.map((call) => [call.trace_id, call.span_id])).toContainEqual([traceId, spanId]);
      const other = shadows.find((span) => span.attributes["leeway.pair_id"] === attributes["leeway.pair_id"]);
      expect(other?.attributes).toMatchObject({ "gen_ai.request.model": attributes["leeway.pair.other_model"] });
      expect(attributes).toMatchObject({ "leeway.segment.tier": "free", "leeway.pair.cluster": "0123456789abcdef" });
    }
  });

  it("asks nothing twice, whether its place is known or lost, nor what an app's own shadow has asked", async () => {
    alsoAsked = [`${stored[5]?.trace_id}.${stored[5]?.span_id}`];
    expect((await run()).told).toMatchObject({ outcomes: { "candidate paired": 5 }, before: 1 });
    const calls = receiver.spans.length;
    expect((await run()).told).toMatchObject({ outcomes: {}, before: 0 });
    rmSync(join(folder, "leeway-shadow-bot.json"));
    expect((await run()).told).toMatchObject({ outcomes: {}, before: 6 });
    expect(receiver.spans).toHaveLength(calls);
    const place = JSON.parse(readFileSync(join(folder, "leeway-shadow-bot.json"), "utf8"));
    expect(place.after).toBe(placeOf(stored[5] as StoredContent));
    stored = [...stored, aContent({}, 7)];
    expect((await run()).told).toMatchObject({ outcomes: { "candidate paired": 1 }, before: 0 });
  });

  it("counts by reason what it cannot ask, and every call is a pair or counted", async () => {
    const [one, two, three] = stored;
    stored = [
      { ...(one as StoredContent), truncated: ["messages"] },
      { ...(two as StoredContent), request: { top_k: 3 } },
      { ...(three as StoredContent), output: [] },
      ...stored.slice(3),
    ];
    const { code, told } = await run();
    expect(code).toBe(0);
    expect(told.outcomes).toEqual({ "candidate not-askable": 2, "candidate unanswered": 1, "candidate paired": 3 });
    expect(told.notAskable).toMatchObject({ shortened: 1, "other-words": 1 });
  });

  it("keeps to the document's budget, and goes on from there", async () => {
    const { code, told } = await run({ left: { calls: 2, tokens: null, usd: null } });
    expect(code).toBe(4);
    expect(told).toMatchObject({
      outcomes: { "candidate paired": 2 },
      stopped: expect.stringContaining("budget-calls"),
    });
    expect((await run()).told).toMatchObject({ outcomes: { "candidate paired": 4 } });
  });

  it("counts what the candidate's provider does not answer", async () => {
    provider.set("new", { ...QUICK, failures: [{ share: 1, failure: 500 }] });
    stored = stored.slice(0, 3);
    expect((await run()).told.outcomes).toEqual({ "candidate failed": 3 });
    expect(pairs()[0]?.attributes["error.type"]).toBe("500");
  });

  it("goes on with what comes in, and at Ctrl-C waits for what is under way", async () => {
    const answer = { model: "new", choices: [{ message: { content: "another answer" }, finish_reason: "stop" }] };
    const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
    let arrived = 0;
    const candidate = await listen(async (incoming, response) => {
      arrived += 1;
      for await (const _part of incoming);
      if (arrived > 2) await isReleased;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    receiver.plans = { plans: [{ ...PLAN, timeoutMs: 20_000 }], migrations: ["bot"], goodForMs: 90_000 };
    stored = stored.slice(0, 2);
    const args = [MAIN, "shadow", "bot", "--agent", agent.url, "--base-url", `${candidate.url}/v1`, "--rate", "100"];
    const env = { ...process.env, LEEWAY_ENDPOINT: receiver.url, LEEWAY_SPOOL_DIR: "off", OPENAI_API_KEY: "sk-test" };
    const child = spawn(process.execPath, args, { cwd: folder, env });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (part: Buffer) => {
      output += part;
    });
    child.stderr.on("data", (part: Buffer) => {
      errors += part;
    });
    const ended = once(child, "close");
    try {
      await eventually(() => pairs().length === 2, 20_000);
      stored = [...stored, aContent({}, 3)];
      await eventually(() => arrived === 3, 20_000);
      child.kill("SIGINT");
      await eventually(() => errors.includes("ending"), 20_000);
      release();
      expect((await ended)[0]).toBe(4);
    } finally {
      child.kill("SIGKILL");
      await candidate.close();
    }
    expect(errors).toContain("ending: what was asked is waited for");
    expect(output).toContain("3  candidate paired");
    expect(output).toContain("stopped: it was told to end");
    expect(askedCalls()).toHaveLength(3);
  });

  it("leaves calls of other services alone", async () => {
    stored = [aContent({}, 1), aContent({ service: "other" }, 2)];
    expect((await run()).told).toMatchObject({ outcomes: { "candidate paired": 1 }, otherService: 1 });
  });

  it.each([
    [["--rate", "0"], "--rate"],
    [["--concurrency", "many"], "--concurrency"],
    [["--provider", "nobody"], "--provider"],
  ])("says what is wrong with %j", async (more, expected) => {
    const { code, stderr } = await run({}, ...more);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
  });
});
