// Makes CALLS calls, fifty at a time, says so, and stays until its input ends.
const { createRequire } = require("node:module");
const { join } = require("node:path");

const { OpenAI } = createRequire(join(process.env.FOLDER, "package.json"))("openai");

const main = async () => {
  const client = new OpenAI();
  const request = { model: "bench", messages: [{ role: "user", content: "hello" }] };
  let left = Number(process.env.CALLS);
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await client.chat.completions.create(request);
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  process.stdout.write("made\n");
};

process.stdin.resume();
main();
