// The Vercel AI SDK with its OpenAI provider: chat completions, responses, objects, tools, embeddings, retries.
const { collect, run, untilItWorks } = require("./steps.cjs");

const SCHEMA = {
  type: "object",
  properties: { day: { type: "string" } },
  required: ["day"],
  additionalProperties: false,
};
const PARCEL = { type: "object", properties: { parcel: { type: "string" } }, required: ["parcel"] };

const shown = ({ text, finishReason, usage, toolCalls, warnings }) => ({
  ...{ text, finishReason, usage, warnings },
  tools: toolCalls?.map(({ toolName, input }) => ({ toolName, input })),
});

module.exports = async ({ ai, provider }) => {
  const { embed, generateObject, generateText, jsonSchema, streamText, tool } = ai;
  const openai = provider.createOpenAI({ apiKey: "sk-test", baseURL: `${process.env.PROVIDER_URL}/v1` });
  const nowhere = provider.createOpenAI({ apiKey: "sk-test", baseURL: `${process.env.REFUSED_URL}/v1` });
  const tools = { get_day: tool({ description: "when", inputSchema: jsonSchema(PARCEL) }) };
  const ask = (model, more) => ({ model, prompt: "hello", maxRetries: 0, ...more });
  const stream = async (model) => {
    const errors = [];
    const result = streamText(ask(model, { onError: ({ error }) => errors.push(String(error)) }));
    const parts = await collect(result.textStream);
    if (errors.length > 0) return [parts, errors];
    return [parts, await result.finishReason, await result.usage];
  };

  await run({
    "chat-plain": async (name) => shown(await generateText(ask(openai.chat(name), { temperature: 0.5 }))),
    "chat-tool": async (name) => shown(await generateText(ask(openai.chat(name), { tools }))),
    "chat-object-json": async (name) =>
      (await generateObject(ask(openai.chat(name), { schema: jsonSchema(SCHEMA) }))).object,
    "chat-error-400": async (name) => shown(await generateText(ask(openai.chat(name)))),
    "chat-once-503": async (name) => shown(await generateText(ask(openai.chat(name), { maxRetries: 2 }))),
    "chat-loop-once-503": (name) => untilItWorks(async () => shown(await generateText(ask(openai.chat(name))))),
    "chat-refused": async (name) => shown(await generateText(ask(nowhere.chat(name)))),
    "chat-no-answer": async (name) =>
      shown(await generateText(ask(openai.chat(name), { abortSignal: AbortSignal.timeout(150) }))),
    "chat-stream": async (name) => stream(openai.chat(name)),
    "chat-stream-break-hang": async (name) => {
      const stop = new AbortController();
      const parts = await collect(streamText(ask(openai.chat(name), { abortSignal: stop.signal })).textStream, 2);
      stop.abort();
      return parts;
    },
    "responses-plain": async (name) => shown(await generateText(ask(openai.responses(name)))),
    "responses-tool": async (name) => shown(await generateText(ask(openai.responses(name), { tools }))),
    "responses-stream": async (name) => stream(openai.responses(name)),
    "embeddings-plain": async (name) => (await embed({ model: openai.embedding(name), value: "hello" })).embedding,
  });
};
