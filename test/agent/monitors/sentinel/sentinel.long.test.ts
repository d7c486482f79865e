import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type MonitorSettings, monitorSchema, type SentinelSettings } from "../../../../agent/config/monitor-schema.ts";
import { createTeller } from "../../../../agent/monitors/monitor-runner.ts";
import type { Probe } from "../../../../agent/monitors/sentinel/read-probes.ts";
import { createSentinel, type Sentinel } from "../../../../agent/monitors/sentinel/sentinel.ts";
import { periodOf } from "../../../../agent/monitors/sentinel/sentinel-detector.ts";
import { builtInPrices, type PriceCall } from "../../../../agent/prices/prices.ts";
import type { Notice } from "../../../../core/notice.ts";
import type { Store } from "../../../../store/store.ts";
import { peopleChannel } from "../../../alerts/people-channel.ts";
import { jsonReply, type ProviderDouble, type Reply, startDouble } from "../../../doubles/provider-double.ts";
import { recordingLog } from "../../../store/recording-log.ts";
import { openTestStore, type TestStore } from "../../../store/test-store.ts";
import { peopleNotifier } from "../people-notifier.ts";

const HOUR = 3_600_000;

/** Some midnight, UTC, in the recent past. */
const MIDNIGHT = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 5 * 24 * HOUR;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(async () => test.end());

const doubles: ProviderDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

const PROBES: readonly Probe[] = ["a", "b", "c", "d"].map((id) => ({
  id,
  messages: [{ role: "user", content: `What is ${id}?` }],
  json: id === "d",
  version: `v-${id}`,
}));

const completion = (text: string, more: object = {}): Reply =>
  jsonReply(200, {
    id: "chatcmpl-1",
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    ...more,
  });

let worlds = 0;

const createWorld = async (
  reply: (question: string) => Reply,
  parts: Partial<SentinelSettings> = {},
  price: PriceCall = builtInPrices.price,
) => {
  worlds += 1;
  let answer = reply;
  const double = await startDouble(({ body }) =>
    answer((JSON.parse(body) as { messages: { content: string }[] }).messages[0]?.content ?? ""),
  );
  doubles.push(double);
  const settings: MonitorSettings = monitorSchema.parse({ name: `s-${worlds}` });
  const sentinel: SentinelSettings = {
    cron: "* * * * *",
    probes: "probes.jsonl",
    url: `${double.url}/v1/chat/completions`,
    model: "gpt-4o",
    apiKey: "sk-very-secret",
    budget: { callsPerDay: 100_000, usdPerDay: 1 },
    maxTokens: 50,
    timeout: 1000,
    ...parts,
  };
  const { log, messages } = recordingLog();
  const ending = new AbortController();
  let now = MIDNIGHT;
  const told: Notice[] = [];
  const agent = (store: Store = test.store()): Sentinel => {
    const people = peopleChannel(told, ["page"]);
    const notifier = peopleNotifier(people, { store, now: () => now, log });
    const teller = createTeller(settings, {
      readLedger: (name) => store.readLedger(name),
      notifier,
      link: () => "",
    });
    return createSentinel(settings, sentinel, PROBES, {
      store,
      price,
      now: () => now,
      ending: ending.signal,
      log,
      tell: async (events) => {
        await teller(events);
        await notifier.pump();
      },
    });
  };
  return {
    name: settings.name,
    double,
    agent,
    told,
    messages,
    end: () => ending.abort(),
    answerWith: (next: (question: string) => Reply) => {
      answer = next;
    },
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    rows: () =>
      test
        .store()
        .query<Record<string, unknown>>(
          "SELECT * FROM llm_spans WHERE prompt_name = {name:String} ORDER BY segments['probe']",
          { name: settings.name },
        ),
  };
};

describe("a run", () => {
  it("asks every probe, pinned, and stores what was measured, not what was said", async () => {
    const world = await createWorld((question) =>
      completion(question.includes("d?") ? '{"d":1}' : "I'm sorry, I can't help."),
    );
    const sentinel = world.agent();
    await sentinel.run();
    expect(world.double.requests).toHaveLength(4);
    const [first] = world.double.requests;
    expect(first?.headers.authorization).toBe("Bearer sk-very-secret");
    expect(JSON.parse(first?.body ?? "")).toEqual({
      model: "gpt-4o",
      messages: [{ role: "user", content: "What is a?" }],
      temperature: 0,
      max_tokens: 50,
    });
    expect(JSON.parse(world.double.requests[3]?.body ?? "")).toMatchObject({
      response_format: { type: "json_object" },
    });
    const rows = await world.rows();
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      scope: "leeway.sentinel",
      service: "leeway-sentinel",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      refusal_class: "hard",
      prompt_version: "v-a",
      input_tokens: 10,
      output_tokens: 5,
      migration: "",
      cohort: "",
      error: 0,
    });
    expect(rows[3]).toMatchObject({ json_valid: 1 });
    expect(rows[0]?.cost_usd).toBeGreaterThan(0);
    const everything = JSON.stringify([rows, world.messages, sentinel.standing()]);
    for (const secret of ["sk-very-secret", "What is", "sorry"]) expect(everything).not.toContain(secret);
    expect(sentinel.standing()).toMatchObject({ asked: 4, failed: 0, problem: "", spent: { calls: 4 } });
  });

  it("reads what compatible servers write as the preload does: text in parts, reasoning beside the output", async () => {
    const message = { role: "assistant", content: [{ type: "text", text: "hello" }] };
    const usage = {
      ...{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 35 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    const world = await createWorld(() =>
      completion("", { choices: [{ index: 0, message, finish_reason: "stop" }], usage }),
    );
    await world.agent().run();
    const [row] = await world.rows();
    expect(row).toMatchObject({ output_chars: 5, output_tokens: 25, reasoning_tokens: 20, error: 0 });
  });

  it("is made once, also by two agents and after a restart", async () => {
    const world = await createWorld(() => completion("hello"));
    await Promise.all([world.agent().run(), world.agent().run()]);
    await world.agent().run();
    expect(world.double.requests).toHaveLength(4);
    world.pass(60_000);
    await world.agent().run();
    expect(world.double.requests).toHaveLength(8);
  });

  it.each([
    ["an HTTP status", jsonReply(503, { error: {} }), { error: 1, error_type: "503", http_status: 503 }],
    [
      "no JSON",
      { status: 200, headers: {}, pieces: ["oops"] },
      { error: 1, error_type: "unreadable", http_status: 200 },
    ],
    ["no choices", jsonReply(200, {}), { error: 1, error_type: "unreadable" }],
    [
      "a broken connection",
      { status: 200, headers: {}, pieces: ["{"], cut: true },
      { error: 1, error_type: "network" },
    ],
  ] as const)("takes %s down as a failed call, and what is unknown as unknown", async (_name, reply, expected) => {
    const world = await createWorld(() => reply as Reply);
    const sentinel = world.agent();
    await sentinel.run();
    const [row] = await world.rows();
    expect(row).toMatchObject({
      ...expected,
      output_tokens: null,
      cost_usd: null,
      output_chars: null,
      refusal_class: "",
    });
    expect(sentinel.standing()).toMatchObject({ asked: 4, failed: 4, problem: "" });
  });

  it("says that the store fails, asks nothing meanwhile, and goes on", async () => {
    const world = await createWorld(() => completion("hello"));
    let fails = true;
    const real = test.store();
    const store: Store = {
      ...real,
      insertSpans: (batch) => (fails ? Promise.reject(new Error("disk full")) : real.insertSpans(batch)),
    };
    const sentinel = world.agent(store);
    await sentinel.run();
    expect(sentinel.standing().problem).toBe("disk full");
    world.pass(60_000);
    await sentinel.run();
    expect(world.double.requests).toHaveLength(4);
    fails = false;
    world.pass(60_000);
    await sentinel.run();
    expect(sentinel.standing().problem).toBe("");
    expect(await world.rows()).toHaveLength(8);
  });
});

it("breaks off when the agent ends, and takes nothing down as the model's failure", async () => {
  const world = await createWorld(() => completion("hello"));
  world.answerWith((question) => {
    if (question.includes("c?")) world.end();
    return completion("hello");
  });
  const sentinel = world.agent();
  await sentinel.run();
  expect(world.double.requests).toHaveLength(3);
  expect(await world.rows()).toHaveLength(2);
  expect(sentinel.standing()).toMatchObject({ asked: 2, failed: 0, problem: "" });
});

describe("the budget", () => {
  it("of calls holds, across restarts, until midnight UTC", async () => {
    const world = await createWorld(() => completion("hello"), { budget: { callsPerDay: 6, usdPerDay: null } });
    await world.agent().run();
    world.pass(60_000);
    const sentinel = world.agent();
    await sentinel.run();
    expect(world.double.requests).toHaveLength(6);
    expect(sentinel.standing()).toMatchObject({
      spent: { calls: 6 },
      problem: "the day's 6 calls are spent; it asks again after 00:00 UTC",
    });
    world.pass(24 * HOUR);
    await sentinel.run();
    expect(world.double.requests).toHaveLength(10);
    expect(sentinel.standing().problem).toBe("");
  });

  it("of dollars holds, and a call of unknown cost counts as dear as it could be", async () => {
    const price: PriceCall = ({ output_tokens }) => (output_tokens === null ? null : output_tokens * 0.01);
    const cheap = await createWorld(() => completion("hello"), { budget: { callsPerDay: 100, usdPerDay: 0.6 } }, price);
    const spender = cheap.agent();
    // Each may cost 50 tokens and costs 5: the third one may be the last that fits.
    await spender.run();
    expect(spender.standing()).toMatchObject({ asked: 3, problem: expect.stringContaining("$0.6 are spent") });

    const untold = await createWorld(
      () => completion("hello", { usage: undefined }),
      { budget: { callsPerDay: 100, usdPerDay: 1 } },
      price,
    );
    await untold.agent().run();
    untold.pass(60_000);
    const after = untold.agent();
    await after.run();
    expect(untold.double.requests).toHaveLength(2);
    expect(after.standing().spent).toEqual({ calls: 2, usd: 1 });
  });

  it("of dollars cannot be kept without a price: nothing is asked, and it says so", async () => {
    const world = await createWorld(
      () => completion("hello"),
      {},
      () => null,
    );
    const sentinel = world.agent();
    await sentinel.run();
    expect(world.double.requests).toHaveLength(0);
    expect(sentinel.standing().problem).toMatch(/^the model's price is unknown; give it in agent.prices/);
  });
});

describe("the comparison", () => {
  it.each([
    ["* * * * *", 60_000],
    ["*/15 * * * *", 900_000],
    ["0 3 * * *", 24 * HOUR],
    ["*/30 * * * * *", 60_000],
  ])("of %s counts false alarms in runs of %i ms", (cron, ms) => expect(periodOf({ cron })).toBe(ms));

  it("tells once when the same questions get other answers, also across a restart", { tags: ["soak"] }, async () => {
    const world = await createWorld((question) => completion(`The answer to ${question} is 42.`));
    let sentinel = world.agent();
    // More than two days of runs, 30 minutes apart: enough to know what is usual.
    for (let run = 0; run < 115; run++) {
      await sentinel.run();
      world.pass(HOUR / 2);
    }
    expect(world.told).toEqual([]);
    expect(sentinel.readings().map(({ signal, state }) => [signal, state])).toContainEqual([
      "probe_answer_new",
      "watching",
    ]);

    sentinel = world.agent();
    let asked = 0;
    world.answerWith(() =>
      completion(`- Answer ${asked++}\n- in a list\n- that is longer\n\nIs there more you want to know?`),
    );
    for (let run = 0; run < 8; run++) {
      await sentinel.run();
      world.pass(HOUR / 2);
    }
    const titles = world.told.map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/probe_answer_new \(sentinel\) up since .*, 0% expected/));
    expect(titles).toContainEqual(expect.stringContaining("probe_form_changed"));
    expect(new Set(world.told.map(({ id }) => id)).size).toBe(world.told.length);
    const again = world.agent();
    await again.run();
    expect(world.told).toHaveLength(titles.length);
    expect(again.readings().filter(({ state }) => state === "drifted").length).toBeGreaterThan(0);
  });
});
