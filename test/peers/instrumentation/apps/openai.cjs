// Every way of calling the OpenAI SDK, and every way a call ends.
const { collect, describeResponse, readBytes, run, settle } = require("./steps.cjs");

const TOOL = {
  type: "function",
  function: {
    name: "get_day",
    parameters: { type: "object", properties: { parcel: { type: "string" } }, required: ["parcel"] },
  },
};
const FORMAT = {
  type: "json_schema",
  json_schema: {
    name: "day",
    strict: true,
    schema: { type: "object", properties: { day: { type: "string" } }, required: ["day"], additionalProperties: false },
  },
};

module.exports = async ({ openai }) => {
  const OpenAI = openai.OpenAI ?? openai.default;
  const options = { apiKey: "sk-test", maxRetries: 2 };
  const client = new OpenAI({ baseURL: `${process.env.PROVIDER_URL}/v1`, ...options });
  const nowhere = new OpenAI({ baseURL: `${process.env.REFUSED_URL}/v1`, ...options, maxRetries: 0 });
  const chat = client.chat.completions;
  const ask = (model, more) => ({ model, messages: [{ role: "user", content: "hello" }], ...more });
  const streamed = (model, more) => chat.create(ask(model, { stream: true, ...more }));

  await run({
    "chat-plain": (model) => chat.create(ask(model, { temperature: 0.5, seed: 7 })),
    "chat-tool": (model) => chat.create(ask(model, { tools: [TOOL] })),
    "chat-refusal": (model) => chat.create(ask(model)),
    "chat-json": (model) => chat.create(ask(model, { response_format: { type: "json_object" } })),
    "chat-parse-json": (model) => chat.parse(ask(model, { response_format: FORMAT })),
    "chat-length": (model) => chat.create(ask(model)),
    "chat-as-response": async (model) => describeResponse(await chat.create(ask(model)).asResponse()),
    "chat-with-response": async (model) => {
      const { data, response, request_id } = await chat.create(ask(model)).withResponse();
      return { data, request_id, status: response.status, url: response.url, used: response.bodyUsed };
    },
    "chat-error-400": (model) => chat.create(ask(model)),
    "chat-error-500": (model) => chat.create(ask(model), { maxRetries: 0 }),
    "chat-retry-429": (model) => chat.create(ask(model)),
    "chat-refused": (model) => nowhere.chat.completions.create(ask(model)),
    "chat-no-answer": (model) => chat.create(ask(model), { signal: AbortSignal.timeout(150) }),
    "chat-timeout-no-answer": (model) => chat.create(ask(model), { timeout: 1100, maxRetries: 0 }),
    "stream-full": async (model) => collect(await streamed(model)),
    "stream-usage": async (model) => collect(await streamed(model, { stream_options: { include_usage: true } })),
    "stream-tool": async (model) => collect(await streamed(model, { tools: [TOOL] })),
    "stream-refusal": async (model) => collect(await streamed(model)),
    "stream-break-hang": async (model) => collect(await streamed(model), 3),
    "stream-abort-hang": async (model) => {
      const stream = await streamed(model);
      const chunks = [];
      for await (const chunk of stream) if (chunks.push(chunk) === 3) stream.controller.abort();
      return chunks;
    },
    "stream-cut": async (model) => collect(await streamed(model)),
    "stream-helper": async (model) => {
      const runner = chat.stream(ask(model));
      const deltas = [];
      runner.on("content", (delta) => deltas.push(delta));
      return [await runner.finalChatCompletion(), deltas];
    },
    "stream-tee": async (model) => {
      const [left, right] = (await streamed(model)).tee();
      return Promise.all([collect(left), collect(right)]);
    },
    "stream-readable": async (model) => readBytes((await streamed(model)).toReadableStream()),
    "stream-text": async (model) => describeResponse(await streamed(model).asResponse()),
    "stream-unread": async (model) => {
      await streamed(model);
      return "dropped";
    },
    "responses-plain": (model) => client.responses.create({ model, input: "hello" }),
    "responses-tool": (model) =>
      client.responses.create({
        model,
        input: "hello",
        tools: [{ type: "function", ...TOOL.function, strict: false }],
      }),
    "responses-refusal": (model) => client.responses.create({ model, input: "hello" }),
    "responses-parse-json": (model) => {
      const { schema, name, strict } = FORMAT.json_schema;
      return client.responses.parse({
        ...{ model, input: "hello" },
        text: { format: { type: "json_schema", name, strict, schema } },
      });
    },
    "responses-error-400": (model) => client.responses.create({ model, input: "hello" }),
    "responses-stream": async (model) =>
      collect(await client.responses.create({ model, input: "hello", stream: true })),
    "responses-stream-helper": async (model) => {
      const runner = client.responses.stream({ model, input: "hello" });
      return [await collect(runner), await runner.finalResponse()];
    },
    "responses-stream-cut": async (model) =>
      collect(await client.responses.create({ model, input: "hello", stream: true })),
    "embeddings-plain": (model) => client.embeddings.create({ model, input: ["hello"] }),
    "completions-plain": (model) => client.completions.create({ model, prompt: "hello" }),
  });
  await settle(20);
};
