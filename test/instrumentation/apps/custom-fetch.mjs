// A fetch function of the app's own, which the SDK is given and which calls the global one.
import { wrapFetch } from "leeway";
import OpenAI from "openai";

let calls = 0;
const counting = (input, init) => {
  calls += 1;
  return fetch(input, init);
};
const client = new OpenAI({ maxRetries: 0, fetch: wrapFetch(counting) });
await client.chat.completions.create({ model: "good", messages: [{ role: "user", content: "hello" }] });
process.stdout.write(`calls ${calls}\n`);
