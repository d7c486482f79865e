// The AWS SDK's Bedrock runtime client over HTTP/2: Converse and InvokeModel, plain, streamed, and when they go wrong.
const { collect, run } = require("./steps.cjs");

const TOOLS = {
  tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object", properties: { city: {} } } } } }],
};

/** Without what the SDK draws at random or measures. */
const shown = ({ $metadata, ...output }) => ({
  ...output,
  status: $metadata.httpStatusCode,
  tries: $metadata.attempts,
});

const text = (bytes) => Buffer.from(bytes).toString("utf8");

module.exports = async ({ bedrock }) => {
  const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = bedrock;
  const { InvokeModelCommand, InvokeModelWithResponseStreamCommand } = bedrock;
  const connect = (endpoint) =>
    new BedrockRuntimeClient({
      ...{ region: "us-east-1", endpoint, maxAttempts: 2 },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  const client = connect(process.env.PROVIDER_URL);
  const nowhere = connect(process.env.REFUSED_URL);
  const ask = (modelId, more) => ({ modelId, messages: [{ role: "user", content: [{ text: "hello" }] }], ...more });
  const converse = async (model, more) => shown(await client.send(new ConverseCommand(ask(model, more))));
  const stream = async (model, limit) =>
    collect((await client.send(new ConverseStreamCommand(ask(model)))).stream, limit);
  const body = JSON.stringify({
    ...{ anthropic_version: "bedrock-2023-05-31", max_tokens: 64 },
    messages: [{ role: "user", content: "hello" }],
  });
  const invocation = (modelId) => ({ modelId, contentType: "application/json", accept: "application/json", body });

  await run({
    "converse-plain": (model) => converse(model, { inferenceConfig: { temperature: 0.5 } }),
    "converse-tool": (model) => converse(model, { toolConfig: TOOLS }),
    "converse-refusal": (model) => converse(model),
    "converse-thinking": (model) => converse(model),
    "converse-length": (model) => converse(model),
    "converse-overloaded": (model) => converse(model),
    "converse-flaky": (model) => converse(model),
    "converse-refused": (model) => nowhere.send(new ConverseCommand(ask(model))),
    "stream-plain": (model) => stream(model),
    "stream-thinking": (model) => stream(model),
    "stream-break-plain": (model) => stream(model, 2),
    "stream-broken": (model) => stream(model),
    "anthropic.invoke-plain": async (model) => {
      const { body: answered, ...output } = await client.send(new InvokeModelCommand(invocation(model)));
      return [text(answered), shown(output)];
    },
    "anthropic.invoke-stream-plain": async (model) => {
      const { body: answered } = await client.send(new InvokeModelWithResponseStreamCommand(invocation(model)));
      return (await collect(answered)).map(({ chunk }) => text(chunk.bytes));
    },
  });
  client.destroy();
  nowhere.destroy();
};
