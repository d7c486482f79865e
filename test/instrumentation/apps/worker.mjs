// A call in the main thread and one in a worker, which inherits the preload but is not instrumented.
import { once } from "node:events";
import { isMainThread, Worker } from "node:worker_threads";
import OpenAI from "openai";

await new OpenAI().chat.completions.create({ model: "good", messages: [{ role: "user", content: "hello" }] });
if (isMainThread) await once(new Worker(new URL(import.meta.url)), "exit");
