// An agent that is asked CALLS times, and whose candidate is asked by a function of its own, which does what HOW says.
import { once } from "node:events";
import { shadow, withSegment } from "leeway";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const how = process.env.HOW ?? "asks";
const ran = [];

const ways = {
  asks: async ({ model, body, signal }) => client.chat.completions.create({ ...body, model }, { signal }),
  baseline: async ({ body }) => client.chat.completions.create(body),
  throws: () => {
    throw new Error("no");
  },
  leaves: async () => {
    Promise.resolve().then(() => client.chat.completions.create({ model: "new", messages: [] }).catch(() => {}));
    return "an answer";
  },
  hangs: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  stubs: async ({ stubTools, model, body }) => {
    const { find } = stubTools({ find: async () => ran.push("for real") });
    ran.push(await find({ what: 7 }));
    const answer = await client.chat.completions.create({ ...body, model });
    return { text: answer.choices[0].message.content, usage: { inputTokens: 1, outputTokens: 1 } };
  },
};

const back = shadow("bot", {
  run: (call) => ways[how](call),
  unit: how === "stubs" ? "run" : "call",
});
if (process.env.UNKNOWN) shadow(process.env.UNKNOWN, { run: ways.throws });
// What the process is to shadow is asked half a second after its start.
await new Promise((resolve) => setTimeout(resolve, Number(process.env.WAIT_MS ?? 1500)));
const answers = [];
await withSegment("tier", "free", async () => {
  for (let i = 0; i < Number(process.env.CALLS ?? 2); i++) {
    const asked = [{ role: "user", content: `question ${i}` }];
    const messages =
      how === "stubs"
        ? [
            ...asked,
            { role: "assistant", tool_calls: [{ id: "c", function: { name: "find", arguments: '{"what":7}' } }] },
            { role: "tool", tool_call_id: "c", content: '{"found":1}' },
          ]
        : asked;
    const answer = await client.chat.completions.create({ model: "old", messages });
    answers.push(answer.choices[0].message.content);
  }
});
process.stdout.write(`${JSON.stringify(answers)}\n`);
if (process.env.STAY === "1") {
  await once(process.stdin, "data");
  process.stdin.destroy();
}
back();
process.stdout.write(`${JSON.stringify(ran)}\n`);
