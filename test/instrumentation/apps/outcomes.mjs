// A call and what became known of it: at once in its scope, and "later" by the response id and by the call's name.
import { currentCall, recordFlag, recordOutcome, withConversation } from "leeway";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const request = { model: "good", messages: [{ role: "user", content: "hello" }] };
const later = await withConversation("c-1", async () => {
  recordFlag({ key: "support-model", variant: "canary", targetingKey: "user-1" });
  const answer = await client.chat.completions.create(request);
  recordOutcome({ name: "thumbs", label: "up" });
  return { responseId: answer.id, call: currentCall() };
});
recordOutcome({ name: "quality", value: 0.75, responseId: later.responseId });
recordOutcome({ name: "task_completed", value: true, call: later.call });
process.stdout.write(`${JSON.stringify({ ...later, untied: recordOutcome({ name: "quality", value: 1 }) })}\n`);
if (process.env.EXIT === "1") process.exit(0);
