// The Google GenAI SDK: plain, streamed, and when it goes wrong.
const { collect, run, untilItWorks } = require("./steps.cjs");

const TOOLS = [
  {
    functionDeclarations: [
      { name: "get_weather", parametersJsonSchema: { type: "object", properties: { city: { type: "string" } } } },
    ],
  },
];

/** Without the date, which differs from run to run. */
const shown = ({ sdkHttpResponse, ...answer }) => ({ ...answer, type: sdkHttpResponse?.headers?.["content-type"] });

module.exports = async ({ genai }) => {
  const connect = (baseUrl, more) => new genai.GoogleGenAI({ apiKey: "test", httpOptions: { baseUrl, ...more } });
  const { models } = connect(process.env.PROVIDER_URL);
  const nowhere = connect(process.env.REFUSED_URL);
  const patient = connect(process.env.PROVIDER_URL, { retryOptions: { attempts: 3, initialDelay: 0.2 } });
  const ask = (model, config) => ({ model, contents: "hello", ...(config && { config }) });
  const generate = async (model) => shown(await models.generateContent(ask(model)));
  const stream = async (model, config) =>
    (await collect(await models.generateContentStream(ask(model, config)))).map(shown);

  await run({
    "generate-plain": async (model) => shown(await models.generateContent(ask(model, { temperature: 0.5 }))),
    "generate-tool": async (model) => shown(await models.generateContent(ask(model, { tools: TOOLS }))),
    "generate-refusal": generate,
    "generate-thinking": generate,
    "generate-length": generate,
    "generate-overloaded": generate,
    "generate-cut": generate,
    "generate-flaky": async (model) => shown(await patient.models.generateContent(ask(model))),
    "generate-loop-flaky": (model) => untilItWorks(() => generate(model)),
    "generate-refused": (model) => nowhere.models.generateContent(ask(model)),
    "stream-plain": (model) => stream(model),
    "stream-tool": (model) => stream(model, { tools: TOOLS }),
    "stream-thinking": (model) => stream(model),
    "stream-break-plain": async (model) =>
      (await collect(await models.generateContentStream(ask(model)), 1)).map(shown),
    "stream-broken": (model) => stream(model),
    "stream-cut": (model) => stream(model),
  });
};
