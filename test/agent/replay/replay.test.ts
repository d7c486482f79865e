import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { readRecords } from "../../../agent/compare/read-records.ts";
import { openAnswersFile } from "../../../agent/replay/answers-file.ts";
import { askedModel } from "../../../agent/replay/asker.ts";
import { readCorpus } from "../../../agent/replay/corpus.ts";
import { createPace, type PaceClock } from "../../../agent/replay/pace.ts";
import type { ReplayPlan } from "../../../agent/replay/replay-plan.ts";
import { runReplay } from "../../../agent/replay/run-replay.ts";
import { createSpend } from "../../../agent/replay/spend.ts";
import { surveyCorpus } from "../../../agent/replay/survey.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type Doing, type ModelServer, startModelServer } from "./model-server.ts";

let server: ModelServer;
afterEach(() => server.close());

/** Waits of the code under test are cut short, and the clock goes on by what is left out. */
let skipped = 0;
const clock: PaceClock = {
  now: () => performance.now() + skipped,
  sleep: async (ms, signal) => {
    skipped += Math.max(0, ms - 2);
    await wait(Math.min(ms, 2), undefined, { signal }).catch(() => undefined);
  },
};

/** A dollar a million tokens of input, ten of output. */
const price = ({
  input_tokens: input,
  output_tokens: output,
}: {
  input_tokens: number | null;
  output_tokens: number | null;
}) => (input === null || output === null ? null : input * 1e-6 + output * 1e-5);

const QUESTIONS = Array.from({ length: 12 }, (_, at) => ({
  prompt_id: `p${at}`,
  task: `t${at % 3}`,
  prompt: `q${at}`,
  max_tokens: 20,
}));

interface Given {
  readonly lines?: readonly unknown[];
  readonly plan?: Partial<ReplayPlan>;
  readonly limit?: number | null;
  readonly ending?: AbortSignal;
  readonly folder?: string;
}

const start = async (doing: (question: string, before: number) => Doing) => {
  server = await startModelServer(doing);
};

const run = async ({
  lines = QUESTIONS,
  plan = {},
  limit = null,
  ending,
  folder = temporaryDirectory(),
}: Given = {}) => {
  const [corpus, out] = [join(folder, "corpus.jsonl"), join(folder, "answers.jsonl")];
  await writeFile(corpus, lines.map((line) => JSON.stringify(line)).join("\n"));
  const asked = askedModel(
    { model: "m-1", provider: null, baseUrl: server.baseUrl, keyVariable: "KEY" },
    { KEY: "sk-secret" },
  );
  const file = await openAnswersFile(out);
  const spend = createSpend(limit, file.earlier.usd);
  const whole: ReplayPlan = {
    ...{
      entries: () => readCorpus(corpus),
      asked,
      cohort: "canary",
      repeat: 1,
      beside: { maxTokens: null, seed: null },
    },
    ...{ concurrency: 4, timeoutMs: 2_000, retries: 2, patienceMs: 600_000 },
    ...plan,
  };
  const signals = { ending: ending ?? new AbortController().signal, breaking: new AbortController().signal };
  const result = await runReplay(whole, {
    ...{
      file,
      spend,
      price,
      clock,
      now: Date.now,
      pace: createPace(clock, null),
      progress: () => undefined,
      ...signals,
    },
  });
  await file.close(result.stopped === "" && result.failed.length === 0);
  const text = await readFile(out, "utf8");
  const records = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { result, records, spend, folder, out, asked, whole, lost: file.earlier.lost };
};

const ANSWER: Doing = { is: "answer" };

describe("a replay", () => {
  it("asks every question once, and writes records that compare reads", async () => {
    await start(() => ANSWER);
    const { result, records, out, spend, folder } = await run();
    expect(result).toEqual({ answered: 12, earlier: 0, refused: [], failed: [], stopped: "" });
    expect([...server.asked.values()]).toEqual(Array(12).fill(1));
    expect(records.find(({ prompt_id: id }) => id === "p3")).toMatchObject({
      ...{ cohort: "canary", task: "t0", repetition: 0, model: "m-1", output: "To q3", finish_reason: "stop" },
      ...{ input_tokens: 10, output_tokens: 5, cost_usd: 0.00006, latency_ms: expect.any(Number) },
    });
    const read = await readRecords(out, null, true);
    expect(read.records).toHaveLength(12);
    expect(spend.spent()).toBeCloseTo(12 * 0.00006, 10);
    expect(await readdir(folder)).toEqual(["answers.jsonl", "corpus.jsonl"]);
  });

  it("has how sure the model was, where the provider says it", async () => {
    await start((question) => (question === "q1" ? { is: "answer", logprob: -0.25 } : ANSWER));
    const { records } = await run();
    expect(records.find(({ prompt_id: id }) => id === "p1")).toMatchObject({ mean_logprob: -0.25 });
    expect(records.find(({ prompt_id: id }) => id === "p2")).not.toHaveProperty("mean_logprob");
  });

  it("sends the key, and has it in no record", async () => {
    await start(() => ANSWER);
    const { out } = await run();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-secret");
    expect(await readFile(out, "utf8")).not.toContain("sk-secret");
  });

  it("asks several times with a seed counted up, in the question's own parameters", async () => {
    await start(() => ANSWER);
    const beside = { maxTokens: 99, seed: 7 };
    const { records } = await run({ lines: [{ prompt: "a", temperature: 0.3 }], plan: { repeat: 3, beside } });
    expect(server.requests.map(({ body }) => body.seed)).toEqual([7, 8, 9]);
    expect(server.requests[0]?.body).toMatchObject({ model: "m-1", temperature: 0.3, max_tokens: 99 });
    expect(records.map(({ repetition }) => repetition).sort()).toEqual([0, 1, 2]);
  });

  it("goes on where it ended, and asks again only what has no answer", async () => {
    const ending = new AbortController();
    await start((_, __) => {
      if (server.requests.length === 5) ending.abort();
      return ANSWER;
    });
    const first = await run({ ending: ending.signal });
    expect(first.result.stopped).toBe("it was told to end");
    expect(first.records.length).toBeGreaterThanOrEqual(5);
    const second = await run({ folder: first.folder });
    expect(second.result).toMatchObject({
      earlier: first.records.length,
      answered: 12 - first.records.length,
      stopped: "",
    });
    expect([...server.asked.values()]).toEqual(Array(12).fill(1));
    expect(second.records).toHaveLength(12);
    expect(second.spend.spent()).toBeCloseTo(12 * 0.00006, 10);
  });

  it("counts what was under way when a run died, and asks it again", async () => {
    await start(() => ANSWER);
    const folder = temporaryDirectory();
    const file = await openAnswersFile(join(folder, "answers.jsonl"));
    await file.asking(JSON.stringify(["p1", 0]));
    await file.asking(JSON.stringify(["p2", 0]));
    await file.refused(JSON.stringify(["p2", 0]));
    await file.close(false);
    const { lost, result } = await run({ folder });
    expect([...lost]).toEqual([JSON.stringify(["p1", 0])]);
    expect(result.answered).toBe(12);
  });

  it("takes a line that was cut off for none", async () => {
    await start(() => ANSWER);
    const first = await run({ lines: QUESTIONS.slice(0, 2) });
    const text = await readFile(first.out, "utf8");
    await writeFile(first.out, text.slice(0, -15));
    const second = await run({ folder: first.folder, lines: QUESTIONS.slice(0, 2) });
    expect(second.result).toMatchObject({ earlier: 1, answered: 1 });
    expect(second.records).toHaveLength(2);
  });

  it("tries again what fails for the moment, and leaves it to the next run in the end", async () => {
    await start((question, before) => {
      if (question === "q1") return { is: "status", status: 500 };
      if (question === "q2" && before < 2) return { is: "break" };
      if (question === "q3" && before === 0) return { is: "garbage" };
      return ANSWER;
    });
    const { result, records, folder } = await run();
    expect(result).toMatchObject({ answered: 11, refused: [], stopped: "" });
    expect(result.failed).toMatchObject([{ reason: "server, status 500", count: 1 }]);
    expect(server.asked.get("q1")).toBe(3);
    expect(records.map(({ prompt_id: id }) => id)).not.toContain("p1");
    expect(await readdir(folder)).toContain(".answers.jsonl.asked");
  });

  it("waits for nobody longer than the time given", async () => {
    await start((question) => (question === "q4" ? { is: "hang" } : ANSWER));
    const { result } = await run({ plan: { timeoutMs: 100, retries: 0 } });
    expect(result.failed).toMatchObject([{ reason: "no answer in time", count: 1 }]);
    expect(result.answered).toBe(11);
  });

  it("slows down where it is told to, and loses nothing by it", async () => {
    await start((_, before) => (before < 2 ? { is: "status", status: 429, headers: { "retry-after": "1" } } : ANSWER));
    const { result } = await run();
    expect(result).toMatchObject({ answered: 12, failed: [], stopped: "" });
  });

  it("puts on record what the provider will not answer, and does not ask it again", async () => {
    const body = { error: { code: "content_policy_violation", message: "no" } };
    await start((question) => (question === "q5" ? { is: "status", status: 400, body } : ANSWER));
    const first = await run();
    expect(first.result.refused).toMatchObject([{ reason: "content-policy, status 400", count: 1 }]);
    expect(first.records.find(({ prompt_id: id }) => id === "p5")).toMatchObject({
      output: null,
      error: "content-policy, status 400",
    });
    await run({ folder: first.folder });
    expect(server.asked.get("q5")).toBe(1);
  });

  it.each<[string, Doing, string]>([
    ["a key it does not know", { is: "status", status: 401 }, "auth, status 401"],
    [
      "a bill that is not paid",
      { is: "status", status: 429, body: { error: { code: "insufficient_quota" } } },
      "quota, status 429",
    ],
    [
      "a model it does not have",
      { is: "status", status: 404, body: { error: { code: "model_not_found" } } },
      "model-not-found, status 404",
    ],
  ])("ends at once for %s", async (_what, doing, why) => {
    await start(() => doing);
    const { result } = await run();
    expect(result.stopped).toBe(`openai-compatible refuses it: ${why}`);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  it("ends when nothing is answered for long", async () => {
    await start(() => ({ is: "status", status: 503, headers: { "retry-after": "1" } }));
    const { result } = await run({ plan: { patienceMs: 30 } });
    expect(result.stopped).toBe("nothing was answered for 0 min");
  });

  it("spends no more than it may, whatever is under way, and says what is left", async () => {
    await start(() => ({ is: "answer", tokens: 20, afterMs: 5 }));
    const limit = 0.0011;
    const { result, spend, records } = await run({ limit });
    expect(result.stopped).toBe("what --max-usd leaves does not hold the next question");
    expect(spend.spent()).toBeLessThanOrEqual(limit);
    expect(records.length).toBeGreaterThan(2);
    expect(records.length).toBeLessThan(12);
  });

  it("has one run at a time on a file, and refuses a file that is something else", async () => {
    await start(() => ANSWER);
    const folder = temporaryDirectory();
    const file = await openAnswersFile(join(folder, "answers.jsonl"));
    await expect(openAnswersFile(join(folder, "answers.jsonl"))).rejects.toThrow(/is being written by process \d+/);
    await file.close(false);
    await writeFile(join(folder, "other.jsonl"), '{"output":"x"}\n');
    await expect(openAnswersFile(join(folder, "other.jsonl"))).rejects.toThrow(/other\.jsonl:1: no answer of a replay/);
    await expect(openAnswersFile(join(folder, "other.jsonl", "a.jsonl"))).rejects.toThrow(/cannot be written/);
  });
});

describe("a survey", () => {
  it("says what can be asked, what cannot and why, and what it costs at most", async () => {
    await start(() => ANSWER);
    const body = { model: "old", messages: [{ role: "user", content: "hi" }], stream: true, logit_bias: { 1: 2 } };
    const lines = [
      ...QUESTIONS.slice(0, 2),
      QUESTIONS[0],
      { prompt: "x", top_k: 3 },
      { prompt_id: "same", request: { format: "openai.chat_completions", body } },
      { prompt_id: "tool", request: { format: "openai.chat_completions", body: { ...body, store: true } } },
      { prompt_id: "other", request: { format: "gemini.generate_content", body: { contents: [] } } },
    ];
    const { whole, asked } = await run({ lines });
    const survey = await surveyCorpus(whole.entries(), asked, whole.beside, price);
    expect(survey).toMatchObject({ questions: 3, repeated: 1 });
    expect(survey.highestUsd).toBeCloseTo(survey.bytes * 1e-6 + (20 + 20 + 8192) * 1e-5, 10);
    expect(survey.notAskable.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^top_k: cannot be said/),
      "it stands for something that is kept at the provider",
      "it is written as gemini.generate_content, which is not said in the words of openai.chat_completions",
    ]);
    const copied = server.requests.find((each) => each.body.logit_bias !== undefined)?.body;
    expect(copied).toEqual({ model: "m-1", messages: body.messages, logit_bias: { 1: 2 } });
  });
});
