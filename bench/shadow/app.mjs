// Users of an app: RATE calls a second, each told of on a line when it ended: [end, latency ms, number of the question, hash of
// the answer], and twice a second what the process took: [time, CPU us, resident bytes].
import { createHash } from "node:crypto";

const rate = Number(process.env.RATE ?? 200);
const url = `${process.env.OPENAI_BASE_URL}/chat/completions`;
const headers = { "content-type": "application/json", authorization: "Bearer sk-bench" };
const say = (kind, values) => process.stdout.write(`${kind} ${JSON.stringify(values)}\n`);

let made = 0;
const call = async () => {
  made += 1;
  const question = made % 100;
  const messages = [{ role: "user", content: `question ${question}` }];
  const began = performance.now();
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ model: "old", messages }) });
  const answer = await response.json();
  const took = performance.now() - began;
  const text = JSON.stringify(answer.choices?.[0]?.message ?? response.status);
  say("call", [Date.now(), took, question, createHash("sha256").update(text).digest("hex").slice(0, 12)]);
};

setInterval(() => void call(), 1000 / rate);
setInterval(() => {
  const { user, system } = process.cpuUsage();
  say("usage", [Date.now(), user + system, process.memoryUsage.rss()]);
}, 500);
