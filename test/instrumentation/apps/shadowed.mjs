// Calls of a user: CALLS plain ones and as many streamed ones, then waits for a line on its input and ends.
import { once } from "node:events";
import { recordFlag, withConversation, withSegment } from "leeway";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const calls = Number(process.env.CALLS ?? 1);
const request = (i) => ({
  model: "old",
  messages: [{ role: "user", content: `question ${i}` }],
  ...JSON.parse(process.env.BODY ?? "{}"),
});
// What the process is to shadow is asked half a second after its start.
await new Promise((resolve) => setTimeout(resolve, Number(process.env.WAIT_MS ?? 1500)));
const answers = [];
await withSegment("tier", "free", () =>
  withConversation("c-1", async () => {
    for (let i = 0; i < calls; i++) {
      recordFlag({ key: "support-model", variant: "baseline", targetingKey: `user-${i}` });
      const plain = await client.chat.completions.create(request(i)).catch((error) => ({ error: error.status }));
      answers.push(plain.error ?? plain.choices[0].message);
      let text = "";
      const stream = await client.chat.completions.create({ ...request(i), stream: true });
      for await (const piece of stream) text += piece.choices[0]?.delta?.content ?? "";
      answers.push(text);
    }
  }),
);
process.stdout.write(`${JSON.stringify(answers)}\n`);
if (process.env.EXIT === "1") process.exit(0);
if (process.env.STAY === "1") {
  await once(process.stdin, "data");
  process.stdin.destroy();
}
