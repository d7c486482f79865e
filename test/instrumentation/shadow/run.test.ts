import { describe, expect, it } from "vitest";
import type { ShadowCall } from "../../../instrumentation/shadow-functions.ts";
import { createShadowBench, served } from "./shadow-bench.ts";

const never = new Promise<never>(() => undefined);

const RUN = [
  { role: "user", content: "a question" },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "find", arguments: '{"what":"Order 7"}' } }],
  },
  { role: "tool", tool_call_id: "c1", content: '{"found":[7]}' },
];

describe("a function that asks the candidate", () => {
  it("is handed the served call, when that is over, and its answer makes the pair", async () => {
    const bench = createShadowBench();
    const calls: ShadowCall[] = [];
    bench.register({
      run: async (call) => {
        calls.push(call);
        return {
          text: "another answer",
          usage: { inputTokens: 20, outputTokens: 10 },
          model: "theirs",
          finishReason: "stop",
        };
      },
    });
    bench.shadow.heard(served({ tools: [{ type: "function", function: { name: "find", parameters: {} } }] }));
    await bench.pass(10);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      ...{ migration: "bot", model: "new", servedModel: "old", format: "openai.chat_completions" },
      ...{ segments: { tier: "free" }, toolCalls: [], system: "" },
      body: { model: "old", messages: [{ role: "user", content: "a question" }] },
      messages: [{ role: "user", parts: [{ type: "text", content: "a question" }] }],
      tools: [{ type: "function", name: "find" }],
    });
    expect(calls[0]?.signal.aborted).toBe(false);
    const [pair] = bench.pairs();
    expect(pair).toMatchObject({
      ...{ "leeway.pair.outcome": "paired", "leeway.pair_id": calls[0]?.pairId, "leeway.migration": "bot" },
      ...{ "leeway.pair.served_model": "old", "leeway.pair.other_model": "theirs", "leeway.segment.tier": "free" },
      ...{ "leeway.pair.number.input_tokens_ratio": 2, "leeway.pair.number.output_tokens_ratio": 2 },
      "leeway.pair.changed": expect.arrayContaining(["text"]),
    });
    expect(bench.errors).toEqual([]);
  });

  it("asks instead of the preload, until it is taken back; the baseline's reruns stay the preload's", async () => {
    const bench = createShadowBench({ selfRerun: 1 });
    let runs = 0;
    const back = bench.register({
      run: async () => {
        runs += 1;
        return "an answer";
      },
    });
    bench.shadow.heard(served());
    await bench.pass(6000);
    expect([runs, bench.outcomes()]).toEqual([1, { "candidate paired": 1, "rerun failed": 1 }]);
    back();
    bench.shadow.heard(served());
    await bench.pass(6000);
    expect([runs, bench.outcomes()["candidate failed"]]).toEqual([1, 1]);
  });

  it("cannot change what is compared, nor what others are handed", async () => {
    const bench = createShadowBench();
    const seen: unknown[] = [];
    bench.register({
      run: async (call) => {
        seen.push(JSON.parse(JSON.stringify([call.body, call.segments, call.toolCalls])));
        const open = call as { -readonly [K in keyof ShadowCall]: ShadowCall[K] };
        (open.body as { messages?: unknown }).messages = "gone";
        (open.segments as Record<string, string>).tier = "paid";
        (open.toolCalls as unknown[]).length = 0;
        return "the answer";
      },
    });
    const call = served({ messages: RUN });
    bench.shadow.heard(call);
    bench.shadow.heard(call);
    await bench.pass(10);
    expect(seen[0]).toEqual(seen[1]);
    expect(call.body.messages).toEqual(RUN);
    expect(bench.pairs().map((pair) => [pair["leeway.pair.number.equal_exact"], pair["leeway.segment.tier"]])).toEqual([
      [1, "free"],
      [1, "free"],
    ]);
  });

  it.each<[string, (call: ShadowCall) => unknown, string, string]>([
    [
      "throws",
      () => {
        throw new TypeError("secret text");
      },
      "failed",
      "TypeError",
    ],
    ["rejects", () => Promise.reject(new RangeError("secret text")), "failed", "RangeError"],
    ["rejects with nothing", () => Promise.reject(), "failed", "unknown"],
    [
      "rejects with content for a name",
      () => Promise.reject(Object.assign(new Error(), { name: "secret text" })),
      "failed",
      "unknown",
    ],
    [
      "rejects with what cannot be looked at",
      () =>
        Promise.reject(
          new Proxy(new Error(), {
            get: () => {
              throw new Error();
            },
          }),
        ),
      "failed",
      "unknown",
    ],
    ["never ends", () => never, "timed-out", "timeout"],
    ["meets a timeout of its own", () => Promise.reject(new DOMException("", "TimeoutError")), "timed-out", "timeout"],
    ["gives nothing", async () => undefined, "failed", "no-answer"],
    ["gives no answer", async () => ({ hello: 1 }), "failed", "no-answer"],
    ["gives no promise, and no answer", () => 5, "failed", "no-answer"],
    [
      "gives what throws when it is read",
      async () => ({
        get text() {
          throw new Error("secret text");
        },
      }),
      "failed",
      "no-answer",
    ],
    [
      "gives what cannot be written",
      async () => {
        const body: Record<string, unknown> = { choices: [] };
        body.self = body;
        return body;
      },
      "failed",
      "no-answer",
    ],
    [
      "gives a promise that is broken",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what an app gives may be anything
        then: () => {
          throw new SyntaxError("secret text");
        },
      }),
      "failed",
      "SyntaxError",
    ],
    [
      "asks for a tool that was not served",
      async ({ toolResult }) => toolResult("find", { what: "else" }),
      "unknown-tool-call",
      "",
    ],
    [
      "goes on all the same",
      async ({ toolResult }) => {
        try {
          toolResult("find", {});
        } catch {}
        return "an answer";
      },
      "unknown-tool-call",
      "",
    ],
  ])("is counted by its reason where it %s", async (_how, run, outcome, errorType) => {
    const bench = createShadowBench();
    bench.register({ run: run as never });
    bench.shadow.heard(served());
    await bench.pass(10_000);
    const [pair, ...more] = bench.pairs();
    expect([pair?.["leeway.pair.outcome"], pair?.["error.type"] ?? ""]).toEqual([outcome, errorType]);
    expect(JSON.stringify(pair)).not.toContain("secret");
    expect([more, bench.errors]).toEqual([[], []]);
  });

  it("is told by its signal that nobody waits any more, and what comes late is not heard", async () => {
    const bench = createShadowBench();
    let signal: AbortSignal | null = null;
    let give: (text: string) => void = () => undefined;
    bench.register({
      run: (call) => {
        signal = call.signal;
        return new Promise((resolve) => {
          give = resolve;
        });
      },
    });
    bench.shadow.heard(served());
    await bench.pass(999);
    expect(signal).toMatchObject({ aborted: false });
    await bench.pass(1);
    expect(signal).toMatchObject({ aborted: true, reason: { name: "TimeoutError" } });
    give("late");
    await bench.pass(10_000);
    expect(bench.outcomes()).toEqual({ "candidate timed-out": 1 });
  });

  it("is told by its signal when the process ends, and counted", async () => {
    const bench = createShadowBench({ concurrency: 1 });
    let signal: AbortSignal | null = null;
    bench.register({
      run: (call) => {
        signal = call.signal;
        return never;
      },
    });
    bench.shadow.heard(served());
    bench.shadow.heard(served());
    await bench.pass(10);
    bench.shadow.end();
    expect(signal).toMatchObject({ aborted: true });
    await bench.pass(10_000);
    expect(bench.outcomes()).toEqual({ "candidate ended": 2 });
  });

  it("does not run more often at a time than the document says, nor beyond the budget", async () => {
    const bench = createShadowBench({ concurrency: 2, left: { calls: 5, tokens: null, usd: null } });
    let [now, most] = [0, 0];
    bench.register({
      run: async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return "an answer";
      },
    });
    for (let i = 0; i < 8; i += 1) bench.shadow.heard(served());
    await bench.pass(100);
    await bench.pass(100);
    expect(most).toBe(2);
    expect(bench.outcomes()).toEqual({ "candidate paired": 5, "candidate budget-calls": 3 });
  });

  it("is left alone where it does not come to its end: what it holds is bounded", async () => {
    const bench = createShadowBench({ concurrency: 64 });
    let runs = 0;
    bench.register({
      run: () => {
        runs += 1;
        return never;
      },
    });
    for (let i = 0; i < 500; i += 1) {
      bench.shadow.heard(served());
      if (i % 10 === 0) await bench.pass(400_000);
    }
    await bench.pass(10_000);
    expect(runs).toBeLessThan(32);
    const { "candidate timed-out": timedOut = 0, "candidate breaker-open": open = 0, ...rest } = bench.outcomes();
    expect([timedOut, timedOut + open, rest]).toEqual([runs, 500, {}]);
  });

  it.each([
    ["stored", { previous_response_id: "r" }],
    ["server-tools", { tools: [{ type: "web_search" }] }],
    ["background", { background: true }],
  ])("is not handed what has effects: %s", async (outcome, body) => {
    const bench = createShadowBench();
    bench.register({ run: () => Promise.reject(new Error("asked")) });
    bench.shadow.heard(served(body));
    await bench.pass(10);
    expect(bench.outcomes()).toEqual({ [`candidate ${outcome}`]: 1 });
  });

  it("is handed calls of formats the preload cannot ask again", async () => {
    const bench = createShadowBench();
    bench.register({ run: async ({ format }) => format });
    const url = new URL("https://bedrock-runtime.eu-west-1.amazonaws.com/model/old/converse");
    bench.shadow.heard(served({ messages: [{ role: "user", content: [{ text: "hi" }] }] }, { url }));
    await bench.pass(10);
    expect(bench.outcomes()).toEqual({ "candidate paired": 1 });
  });
});

describe("the model calls of such a function", () => {
  it("are of cohort shadow and of the pair, asked by nobody again, and their usage is the answer's", async () => {
    const bench = createShadowBench();
    const contexts: unknown[] = [];
    bench.register({
      run: async () => {
        contexts.push(bench.callModel());
        await null;
        contexts.push(bench.callModel());
        return "an answer";
      },
    });
    bench.shadow.heard(served());
    await bench.pass(50);
    expect(bench.outcomes()).toEqual({});
    await bench.pass(1000);
    const [pair, ...more] = bench.pairs();
    expect(more).toEqual([]);
    for (const context of contexts)
      expect(context).toMatchObject({
        cohort: "shadow",
        pair: { id: pair?.["leeway.pair_id"] },
        segments: { tier: "free" },
      });
    expect(pair).toMatchObject({
      "leeway.pair.outcome": "paired",
      "leeway.pair.number.input_tokens_ratio": 2,
      "leeway.pair.other_span_id": (contexts[1] as { identity: { spanId: string } }).identity.spanId,
    });
  });

  it("count against the budget, each of them", async () => {
    const bench = createShadowBench({ left: { calls: 6, tokens: null, usd: null } });
    bench.register({
      run: async () => {
        for (let i = 0; i < 3; i += 1) bench.callModel();
        return "an answer";
      },
    });
    for (let i = 0; i < 4; i += 1) {
      bench.shadow.heard(served());
      await bench.pass(1000);
    }
    expect(bench.outcomes()).toEqual({ "candidate paired": 2, "candidate budget-calls": 2 });
  });

  it("are waited for no longer than a while where they are never told of", async () => {
    const bench = createShadowBench();
    bench.register({
      run: async () => {
        const { startCallContext } = await import("../../../instrumentation/call-context.ts");
        startCallContext(null);
        return "an answer";
      },
    });
    bench.shadow.heard(served());
    await bench.pass(4000);
    expect(bench.outcomes()).toEqual({});
    await bench.pass(2000);
    expect(bench.outcomes()).toEqual({ "candidate paired": 1 });
  });

  it("count for the day where the preload sees none of them: the agent will not hear of them either", async () => {
    const bench = createShadowBench({ left: { calls: 2, tokens: null, usd: null } });
    bench.register({ run: async () => "an answer" });
    for (let i = 0; i < 4; i += 1) {
      bench.shadow.heard(served());
      await bench.pass(1000);
      bench.shadow.renew([bench.plan]);
    }
    expect(bench.outcomes()).toEqual({ "candidate paired": 2, "candidate budget-calls": 2 });
  });
});

describe("the run of an agent, asked as a whole", () => {
  const toolCall = { name: "find", arguments: '{"what":"Order 7"}' };

  it("is asked once, at its last call, as it began, with the tools' results", async () => {
    const bench = createShadowBench();
    const calls: ShadowCall[] = [];
    bench.register({
      unit: "run",
      run: async (call) => {
        calls.push(call);
        const { find } = call.stubTools({ find: async (_args: unknown): Promise<unknown> => "the world was changed" });
        expect(await find({ what: "order 7" })).toEqual({ found: [7] });
        expect(call.toolResult("find", '{"what":"Order 7"}')).toBe('{"found":[7]}');
        return "the answer";
      },
    });
    bench.shadow.heard(served({ messages: RUN.slice(0, 1) }, { text: null, toolCalls: [toolCall] }));
    bench.shadow.heard(served({ messages: RUN }));
    await bench.pass(10);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body.messages).toEqual(RUN.slice(0, 1));
    expect(calls[0]?.toolCalls).toEqual([{ ...toolCall, result: '{"found":[7]}' }]);
    expect(bench.outcomes()).toEqual({ "candidate paired": 1, "candidate within-run": 1 });
    const pair = bench.pairs().find((each) => each["leeway.pair.outcome"] === "paired");
    // Called twice by the candidate, once by what was served.
    expect(pair?.["leeway.pair.changed"]).toContain("tool-more:find");
    // What a whole run took is not known of the served one.
    expect(Object.keys(pair ?? {}).filter((name) => /latency|tokens_ratio|cost/.test(name))).toEqual([]);
  });

  it("equals the served one where it called the same tools and said the same", async () => {
    const bench = createShadowBench();
    bench.register({
      unit: "run",
      run: async ({ stubTools }) => {
        await stubTools({ find: (_args: unknown) => null }).find({ what: "Order 7" });
        return { text: "the answer", finishReason: "stop" };
      },
    });
    bench.shadow.heard(served({ messages: RUN }));
    await bench.pass(10);
    expect(bench.pairs()[0]).toMatchObject({
      "leeway.pair.number.equal_normalised": 1,
      "leeway.pair.number.tool_calls_equal": 1,
    });
  });

  it("ends at a tool call that was not served, aborted, and says nothing against the candidate's being asked", async () => {
    const bench = createShadowBench();
    let runs = 0;
    bench.register({
      unit: "run",
      run: async ({ stubTools, signal }) => {
        runs += 1;
        const tools = stubTools([{ name: "find", execute: (_args: unknown): unknown => "the world was changed" }]);
        // Nobody waits for it: that must end no app.
        void tools[0]?.execute({ what: "Order 8" });
        expect(signal.aborted).toBe(true);
        return "an answer";
      },
    });
    for (let i = 0; i < 8; i += 1) bench.shadow.heard(served({ messages: RUN }));
    await bench.pass(100);
    await bench.pass(100);
    expect([runs, bench.outcomes()]).toEqual([8, { "candidate unknown-tool-call": 8 }]);
  });
});

describe("a function that embeds", () => {
  const pairOf = async (embed: (texts: readonly string[]) => unknown, pass = 10) => {
    const bench = createShadowBench();
    bench.register({ run: async () => "something else entirely", embed: embed as never });
    bench.shadow.heard(served());
    await bench.pass(pass);
    expect(bench.errors).toEqual([]);
    return bench.pairs()[0];
  };

  it("is shown both texts, and the cosine of its vectors is told", async () => {
    const seen: unknown[] = [];
    const pair = await pairOf(async (texts) => {
      seen.push(texts);
      return [new Float32Array([1, 0]), [1, 1]];
    });
    expect(seen).toEqual([["the answer", "something else entirely"]]);
    expect(pair).toMatchObject({ "leeway.pair.number.similarity_semantic": expect.closeTo(Math.SQRT1_2, 6) });
  });

  it.each<[string, (texts: readonly string[]) => unknown]>([
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret"))],
    ["never ends", () => never],
    ["gives nothing", async () => undefined],
    ["gives one vector", async () => [[1, 0]]],
    ["gives no numbers", async () => [["a"], ["b"]]],
    [
      "gives what throws",
      async () => [
        new Proxy([], {
          get: () => {
            throw new Error("secret");
          },
        }),
        [1],
      ],
    ],
  ])("leaves the words where it %s, which is counted", async (_how, embed) => {
    const pair = await pairOf(embed, 5000);
    expect(pair).toMatchObject({ "leeway.pair.outcome": "paired", "leeway.pair.label.likeness": "failed" });
    expect(pair).not.toHaveProperty(["leeway.pair.number.similarity_semantic"]);
    expect(pair).toHaveProperty(["leeway.pair.number.similarity_tokens"]);
  });
});
