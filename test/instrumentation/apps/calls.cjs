// Two calls, the second one streamed, as a CommonJS app makes them.
const { withCohort } = require("leeway");
const { OpenAI } = require("openai");

const main = async () => {
  const client = new OpenAI({ maxRetries: 0 });
  const request = { model: "good", messages: [{ role: "user", content: "hello" }] };
  await withCohort("canary", () => client.chat.completions.create(request));
  const stream = await withCohort("baseline", () => client.chat.completions.create({ ...request, stream: true }));
  let chunks = 0;
  for await (const chunk of stream) chunks += chunk.choices.length;
  process.stdout.write(`chunks ${chunks}\n`);
};

main();
