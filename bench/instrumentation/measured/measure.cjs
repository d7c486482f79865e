// The measured process: alternating blocks of calls with a contender on and off. Prints one line of JSON.
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const contenders = require("./contenders.cjs");

const { FOLDER, CONTENDER, PAIRS, PLAIN_CALLS, STREAM_CALLS } = process.env;

/** Spans leave within a second of being made; their cost belongs to the block that made them. */
const DRAIN_MS = 1300;

const request = { model: "bench", messages: [{ role: "user", content: "Where is my parcel? ".repeat(20) }] };

const plain = (client) => client.chat.completions.create(request);
const streamed = async (client) => {
  let chunks = 0;
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true }))
    chunks += chunk.choices.length;
  if (chunks !== 200) throw new Error(`a stream of ${chunks} chunks; expected 200`);
};

/** Microseconds of wall clock and of CPU per call, the export included in the latter. */
const block = async (client, call, calls) => {
  globalThis.gc();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let made = 0; made < calls; made += 1) await call(client);
  const wallUs = ((performance.now() - start) * 1000) / calls;
  await sleep(DRAIN_MS);
  const { user, system } = process.cpuUsage(cpu);
  return { wallUs, cpuUs: (user + system) / calls };
};

const pairs = async (contender, call, calls) => {
  const measured = [];
  // The first two pairs warm up the compiler.
  for (let pair = -2; pair < Number(PAIRS); pair += 1) {
    const order = pair % 2 === 0 ? ["on", "off"] : ["off", "on"];
    const both = {};
    for (const state of order) both[state] = await block(contender[state](), call, calls);
    if (pair >= 0) measured.push(both);
  }
  return measured;
};

const main = async () => {
  const folderRequire = createRequire(join(FOLDER, "package.json"));
  const prepare = contenders[CONTENDER](folderRequire);
  // After the instrumentation, which patches what is loaded from now on.
  const { OpenAI } = folderRequire("openai");
  const contender = prepare(OpenAI);
  const result = {
    plain: await pairs(contender, plain, Number(PLAIN_CALLS)),
    stream: await pairs(contender, streamed, Number(STREAM_CALLS)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
};

main();
