// The Anthropic SDK: plain, streamed, through its helper, and when it goes wrong.
const { collect, describeResponse, run } = require("./steps.cjs");

const TOOLS = [
  {
    name: "get_weather",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

module.exports = async ({ anthropic }) => {
  const Anthropic = anthropic.Anthropic ?? anthropic.default;
  const options = { apiKey: "sk-test", maxRetries: 1 };
  const { messages } = new Anthropic({ baseURL: process.env.PROVIDER_URL, ...options });
  const nowhere = new Anthropic({ baseURL: process.env.REFUSED_URL, ...options, maxRetries: 0 });
  const ask = (model, more) => ({ model, max_tokens: 64, messages: [{ role: "user", content: "hello" }], ...more });
  const create = (model) => messages.create(ask(model));
  const streamed = async (model, more) => messages.create(ask(model, { stream: true, ...more }));

  await run({
    "create-plain": (model) => messages.create(ask(model, { temperature: 0.5 })),
    "create-tool": (model) => messages.create(ask(model, { tools: TOOLS })),
    "create-refusal": create,
    "create-thinking": create,
    "create-length": create,
    "create-overloaded": create,
    "create-cut": (model) => messages.create(ask(model), { maxRetries: 0 }),
    "create-refused": (model) => nowhere.messages.create(ask(model)),
    "as-response-plain": async (model) => describeResponse(await messages.create(ask(model)).asResponse()),
    "with-response-plain": async (model) => {
      const { data, response, request_id } = await messages.create(ask(model)).withResponse();
      return { data, request_id, status: response.status, used: response.bodyUsed };
    },
    "stream-plain": async (model) => collect(await streamed(model)),
    "stream-tool": async (model) => collect(await streamed(model, { tools: TOOLS })),
    "stream-thinking": async (model) => collect(await streamed(model)),
    "stream-break-plain": async (model) => collect(await streamed(model), 2),
    "stream-broken": async (model) => collect(await streamed(model)),
    "stream-cut": async (model) => collect(await streamed(model)),
    "helper-plain": async (model) => {
      const stream = messages.stream(ask(model));
      const deltas = [];
      stream.on("text", (delta) => deltas.push(delta));
      return [await stream.finalMessage(), deltas];
    },
    "helper-tool": async (model) => collect(messages.stream(ask(model, { tools: TOOLS }))),
  });
};
