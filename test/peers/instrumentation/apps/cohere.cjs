// The Cohere SDK's v2 client: plain, streamed, and when it goes wrong.
const { collect, run, untilItWorks } = require("./steps.cjs");

const TOOLS = [
  {
    type: "function",
    function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

/** The SDK leaves the timer of a timeout running, four minutes unless told. */
const LIMITS = { maxRetries: 0, timeoutInSeconds: 2 };

module.exports = async ({ cohere }) => {
  const CohereClientV2 = cohere.CohereClientV2 ?? cohere.default.CohereClientV2;
  const connect = (environment) => new CohereClientV2({ token: "test", environment });
  const client = connect(process.env.PROVIDER_URL);
  const nowhere = connect(process.env.REFUSED_URL);
  const ask = (model, more) => ({ model, messages: [{ role: "user", content: "hello" }], ...more });
  const chat = (model) => client.chat(ask(model), LIMITS);
  const stream = async (model, more) => collect(await client.chatStream(ask(model, more), LIMITS));

  await run({
    "chat-plain": (model) => client.chat(ask(model, { temperature: 0.5 }), LIMITS),
    "chat-tool": (model) => client.chat(ask(model, { tools: TOOLS }), LIMITS),
    "chat-refusal": chat,
    "chat-thinking": chat,
    "chat-length": chat,
    "chat-overloaded": chat,
    "chat-cut": chat,
    "chat-flaky": (model) => client.chat(ask(model), { ...LIMITS, maxRetries: 2 }),
    "chat-loop-flaky": (model) => untilItWorks(() => chat(model)),
    "chat-refused": (model) => nowhere.chat(ask(model), LIMITS),
    "stream-plain": (model) => stream(model),
    "stream-tool": (model) => stream(model, { tools: TOOLS }),
    "stream-thinking": (model) => stream(model),
    "stream-break-plain": async (model) => collect(await client.chatStream(ask(model), LIMITS), 2),
    "stream-broken": (model) => stream(model),
    "stream-cut": (model) => stream(model),
  });
};
