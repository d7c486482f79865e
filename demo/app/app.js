// A support bot as a team would write it. Nothing here knows about Leeway's agent: the model comes from a feature
// flag, and the preload (`node --require leeway/instrumentation app.js`) records the calls.
//
// Environment: OPENAI_BASE_URL, OPENAI_API_KEY, OFREP_URL (flag system), BASELINE_MODEL (used while the flag system
// does not answer), USERS, CALLS_PER_SECOND (all users together), RUN_SECONDS (0 = until SIGTERM).
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { leewayFlagHook, withConversation, withPrompt, withSegment } from "leeway";
import OpenAI from "openai";

const number = (name, fallback) => Number(process.env[name] ?? fallback);
const baselineModel = process.env.BASELINE_MODEL ?? "gpt-4o-2024-08-06";
const users = number("USERS", 40);
const turnMs = (users / number("CALLS_PER_SECOND", 40)) * 1000;
const runSeconds = number("RUN_SECONDS", 0);

const KINDS = [
  { name: "faq", system: "You answer questions about our shop.", ask: "How long does delivery take?" },
  { name: "billing", system: "Answer as json with the key answer.", ask: "Why is my invoice higher?", json: true },
  { name: "howto", system: "You explain our product step by step.", ask: "How do I reset my device?", stream: true },
];
const totals = { calls: 0, ok: 0, errors: {}, models: {}, streamed: 0, conversations: 0 };
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => stopping.abort());

const openai = new OpenAI({ maxRetries: 0, timeout: 20_000 });

const startFlags = async () => {
  // A flag system that hangs must not hang the app.
  const fetchImplementation = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(1000) });
  OpenFeature.addHooks(leewayFlagHook());
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: process.env.OFREP_URL, fetchImplementation }));
  return OpenFeature.getClient();
};

const ask = async (model, kind, messages) => {
  const request = { model, messages, ...(kind.json && { response_format: { type: "json_object" } }) };
  if (!kind.stream) {
    const completion = await openai.chat.completions.create(request);
    return completion.choices[0]?.message.content ?? "";
  }
  totals.streamed += 1;
  let text = "";
  const stream = await openai.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
};

const takeTurn = async (flags, user, kind, messages) => {
  const model = await flags.getStringValue("support-model", baselineModel, { targetingKey: user });
  totals.calls += 1;
  totals.models[model] = (totals.models[model] ?? 0) + 1;
  messages.push({ role: "user", content: kind.ask });
  try {
    const prompt = { name: "support", version: model === baselineModel ? "41" : "42" };
    const content = await withPrompt(prompt, () => ask(model, kind, messages));
    messages.push({ role: "assistant", content });
    totals.ok += 1;
  } catch (error) {
    messages.pop();
    const what = String(error.status ?? error.name);
    totals.errors[what] = (totals.errors[what] ?? 0) + 1;
  }
};

const waitUntil = (at) => sleep(Math.max(0, at - performance.now()), undefined, { signal: stopping.signal });

/** One user: conversation after conversation, a turn every `turnMs`. Ends by the abort of a wait. */
const live = async (flags, user) => {
  let next = performance.now() + Math.random() * turnMs;
  for (;;) {
    const kind = KINDS[Math.floor(Math.random() * KINDS.length)];
    const messages = [{ role: "system", content: kind.system }];
    const turns = 2 + Math.floor(Math.random() * 4);
    totals.conversations += 1;
    await withConversation(randomUUID(), () =>
      withSegment("input_type", kind.name, async () => {
        for (let turn = 0; turn < turns; turn += 1) {
          await waitUntil(next);
          next = Math.max(next + turnMs, performance.now());
          await takeTurn(flags, user, kind, messages);
        }
      }),
    );
  }
};

const started = performance.now();
const flags = await startFlags();
if (runSeconds > 0) setTimeout(() => stopping.abort(), runSeconds * 1000).unref();
const ended = await Promise.allSettled(Array.from({ length: users }, (_, index) => live(flags, `user-${index}`)));
const failed = ended.find(({ reason }) => reason.name !== "AbortError");
if (failed) throw failed.reason;
await OpenFeature.close();
process.stdout.write(`${JSON.stringify({ ...totals, seconds: (performance.now() - started) / 1000 })}\n`);
