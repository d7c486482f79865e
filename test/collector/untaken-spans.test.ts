import { expect, test } from "vitest";
import { createUntakenRegister } from "../../collector/untaken-spans.ts";
import { chatSpan, jsonRequest } from "./otlp-request.ts";
import { createRecordingLog } from "./recording-log.ts";
import { startCollector } from "./start-collector.ts";

const ASK = { scope: "app", name: "ask", word: "ask", reason: "unknown-operation" } as const;
const AGENT = { scope: "agents", name: "run", word: "invoke_agent", reason: "contains-calls" } as const;

test("spans about a model that are no calls are named, counted and told in the log; others are only counted", async () => {
  const { collector, post, log } = await startCollector();
  const asked = (n: number) => ({ ...chatSpan(n, { "gen_ai.operation.name": "ask" }), name: "ask" });
  const other = { ...chatSpan(9), attributes: { "http.route": "/" } };
  await post("/v1/traces", jsonRequest([asked(1), asked(2), other, chatSpan(3)], { scope: "app" }));
  expect(collector.stats()).toMatchObject({ rows: 1, other: 3, untaken: [{ ...ASK, spans: 2 }] });
  expect(log.lines).toEqual([
    'warn collector: spans about a model are not taken for calls: 1 span "ask" of app: the operation "ask" is none that is known; a call says gen_ai.operation.name chat {}',
  ]);
});

test("a request that is malformed at its end names nothing", async () => {
  const { collector, post } = await startCollector();
  const body = JSON.stringify(jsonRequest([chatSpan(1, { "gen_ai.operation.name": "ask" })]));
  expect((await post("/v1/traces", body.slice(0, -1))).status).toBe(400);
  expect(collector.stats().untaken).toEqual([]);
});

test("what may be a call stands before what contains calls, and only it is told, once a scope", () => {
  const log = createRecordingLog();
  const register = createUntakenRegister(log);
  for (let n = 0; n < 3; n += 1) for (const span of [AGENT, AGENT, ASK]) register.note(span);
  register.note({ ...ASK, name: "again" });
  expect(register.list().map(({ name, spans }) => [name, spans])).toEqual([
    ["ask", 3],
    ["again", 1],
    ["run", 6],
  ]);
  expect(log.lines).toHaveLength(1);
});

test("texts are the sender's: short, printable and few, and no span is left uncounted", () => {
  const log = createRecordingLog();
  const register = createUntakenRegister(log);
  for (let n = 0; n < 100_000; n += 1) {
    register.note({ ...ASK, scope: `scope ${n % 5000}\n\u001b[2J${"x".repeat(500)}`, name: `chat ${n}`, word: `${n}` });
  }
  const list = register.list();
  expect(list.length).toBeLessThan(300);
  expect(list.reduce((sum, { spans }) => sum + spans, 0)).toBe(100_000);
  for (const { scope, name, word } of list) {
    for (const text of [scope, name, word]) {
      expect(text.length).toBeLessThanOrEqual(81);
      expect(text).not.toMatch(/\p{Cc}/u);
    }
  }
  expect(log.lines.length).toBeLessThanOrEqual(20);
});

test("of one scope with a name for each span ten names are kept", () => {
  const register = createUntakenRegister(createRecordingLog());
  for (let n = 0; n < 50; n += 1) register.note({ ...ASK, name: `ask ${n}` });
  expect(register.list()).toHaveLength(11);
  expect(register.list()[0]).toEqual({ ...ASK, name: "", word: "", spans: 40 });
});
