// Two calls, the second one streamed, as an ES module app makes them.
import { withCohort } from "leeway";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const request = { model: "good", messages: [{ role: "user", content: "hello" }] };
await withCohort("canary", () => client.chat.completions.create(request));
const stream = await withCohort("baseline", () => client.chat.completions.create({ ...request, stream: true }));
let chunks = 0;
for await (const chunk of stream) chunks += chunk.choices.length;
process.stdout.write(`chunks ${chunks}\n`);
