// Makes CALLS calls, says so, and then has work until it is ended. HANDLE=1: handles SIGTERM itself.
import OpenAI from "openai";

if (process.env.HANDLE === "1") {
  process.on("SIGTERM", () => {
    process.exitCode = 7;
    clearInterval(work);
  });
}
const work = setInterval(() => {}, 1000);
const client = new OpenAI({ maxRetries: 0 });
const request = { model: "good", messages: [{ role: "user", content: "hello" }] };
const calls = Number(process.env.CALLS ?? 1);
for (let made = 0; made < calls; made += 20) {
  const batch = Array.from({ length: Math.min(20, calls - made) }, () => client.chat.completions.create(request));
  await Promise.all(batch);
}
process.stdout.write("made\n");
