// LangChain's OpenAI classes: messages, streams, structured output, tools, embeddings, retries.
const { collect, run, untilItWorks } = require("./steps.cjs");

const PARCEL = { type: "object", properties: { parcel: { type: "string" } }, required: ["parcel"] };
const SCHEMA = {
  ...{ title: "day", type: "object", properties: { day: { type: "string" } } },
  ...{ required: ["day"], additionalProperties: false },
};

const shown = ({ content, tool_calls, response_metadata, usage_metadata, id }) => ({
  ...{ content, tool_calls, response_metadata, usage_metadata, id },
});

module.exports = async ({ langchain }) => {
  const { ChatOpenAI, OpenAIEmbeddings } = langchain;
  const connect = (model, baseURL = process.env.PROVIDER_URL, maxRetries = 0) =>
    new ChatOpenAI({ model, apiKey: "sk-test", maxRetries, configuration: { baseURL: `${baseURL}/v1` } });
  const invoke = async (model) => shown(await connect(model).invoke("hello"));

  await run({
    "chat-plain": invoke,
    "chat-tool": async (model) => {
      const tool = { type: "function", function: { name: "get_day", parameters: PARCEL } };
      return shown(await connect(model).bindTools([tool]).invoke("hello"));
    },
    "chat-structured-json": (model) =>
      connect(model).withStructuredOutput(SCHEMA, { method: "jsonSchema" }).invoke("hello"),
    "chat-error-400": invoke,
    "chat-once-503": async (model) => shown(await connect(model, process.env.PROVIDER_URL, 6).invoke("hello")),
    "chat-loop-once-503": (model) => untilItWorks(() => invoke(model)),
    "chat-refused": async (model) => shown(await connect(model, process.env.REFUSED_URL).invoke("hello")),
    "chat-stream": async (model) => (await collect(await connect(model).stream("hello"))).map(shown),
    "chat-stream-break-hang": async (model) => {
      const stop = new AbortController();
      const parts = await collect(await connect(model).stream("hello", { signal: stop.signal }), 2);
      stop.abort();
      return parts.map(shown);
    },
    "embeddings-plain": (model) => {
      const configuration = { baseURL: `${process.env.PROVIDER_URL}/v1` };
      return new OpenAIEmbeddings({ model, apiKey: "sk-test", configuration }).embedQuery("hello");
    },
  });
};
