// A support bot that takes its model from Unleash, by the real SDK. Environment: OPENAI_BASE_URL, OPENAI_API_KEY, UNLEASH_URL,
// UNLEASH_TOKEN, UNLEASH_FROM (a folder with unleash-client), BASELINE_MODEL, USERS, CALLS_PER_SECOND.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { recordFlag, withConversation, withSegment } from "leeway";
import OpenAI from "openai";

const { Unleash } = createRequire(`${process.env.UNLEASH_FROM}/package.json`)("unleash-client");
const { USERS, CALLS_PER_SECOND, BASELINE_MODEL } = process.env;
const turnMs = (Number(USERS) / Number(CALLS_PER_SECOND)) * 1000;
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => stopping.abort());

const openai = new OpenAI({ maxRetries: 0, timeout: 20_000 });
const unleash = new Unleash({
  url: `${process.env.UNLEASH_URL}/api/`,
  appName: "support-bot",
  customHeaders: { Authorization: process.env.UNLEASH_TOKEN },
  refreshInterval: 1000,
  disableMetrics: true,
});
unleash.on("error", () => {});
unleash.on("impression", ({ featureName, variant, enabled, context }) =>
  recordFlag({ key: featureName, variant: variant ?? String(enabled), targetingKey: context.userId }),
);
await new Promise((resolve) => unleash.once("synchronized", resolve));

const ask = async (user) => {
  const model = unleash.getVariant("support-model", { userId: user }).payload?.value ?? BASELINE_MODEL;
  await openai.chat.completions.create({ model, messages: [{ role: "user", content: "Where is my order?" }] });
};

const live = async (user) => {
  let next = performance.now() + Math.random() * turnMs;
  for (let turn = 0; ; turn += 1) {
    await sleep(Math.max(0, next - performance.now()), undefined, { signal: stopping.signal });
    next = Math.max(next + turnMs, performance.now());
    await withConversation(`${user}-${turn}`, () => withSegment("input_type", "faq", () => ask(user).catch(() => {})));
  }
};

const ended = await Promise.allSettled(Array.from({ length: Number(USERS) }, (_, at) => live(`user-${at}`)));
unleash.destroy();
const failed = ended.find(({ reason }) => reason?.name !== "AbortError");
if (failed) throw failed.reason;
