// The Mistral SDK, which passes fetch a Request: plain, streamed, and when it goes wrong.
const { collect, run } = require("./steps.cjs");

const TOOLS = [
  {
    type: "function",
    function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

module.exports = async ({ mistral }) => {
  const connect = (serverURL) => new mistral.Mistral({ apiKey: "test", serverURL, retryConfig: { strategy: "none" } });
  const client = connect(process.env.PROVIDER_URL);
  const nowhere = connect(process.env.REFUSED_URL);
  const ask = (model, more) => ({ model, messages: [{ role: "user", content: "hello" }], ...more });
  const complete = (model) => client.chat.complete(ask(model));
  const stream = async (model, more) => collect(await client.chat.stream(ask(model, more)));

  await run({
    "chat-plain": (model) => client.chat.complete(ask(model, { temperature: 0.5 })),
    "chat-tool": (model) => client.chat.complete(ask(model, { tools: TOOLS })),
    "chat-refusal": complete,
    "chat-thinking": complete,
    "chat-length": complete,
    "chat-overloaded": complete,
    "chat-cut": complete,
    "chat-refused": (model) => nowhere.chat.complete(ask(model)),
    "fim-plain": (model) => client.fim.complete({ model, prompt: "hello" }),
    "stream-plain": (model) => stream(model),
    "stream-tool": (model) => stream(model, { tools: TOOLS }),
    "stream-thinking": (model) => stream(model),
    "stream-break-plain": async (model) => collect(await client.chat.stream(ask(model)), 1),
    "stream-cut": (model) => stream(model),
  });
};
