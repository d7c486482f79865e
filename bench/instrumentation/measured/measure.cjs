// The measured process: short alternating blocks of calls with a contender on and off. Prints one line of JSON.
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { setImmediate: turn, setTimeout: sleep } = require("node:timers/promises");
const contenders = require("./contenders.cjs");

const { FOLDER, CONTENDER, ...env } = process.env;
const QUESTION = "Where is my parcel? ".repeat(20);
const request = { model: "bench", messages: [{ role: "user", content: QUESTION }] };

const plain = (client) => client.chat.completions.create(request);
const streamed = async (client) => {
  const stream = await client.chat.completions.create({ ...request, stream: true });
  let chunks = 0;
  for await (const chunk of stream) chunks += chunk.choices.length;
  if (chunks !== 200) throw new Error(`a stream of ${chunks} chunks; expected 200`);
};

/** Microseconds of CPU, user and system, of all threads of this process. */
const cpuOf = async (work) => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

/** What is put off until the app has its answer is done by then: Leeway's reading of answers waits for up to 50 ms. */
const SETTLED_MS = 100;

/** Cost per call; what is done a while after it belongs to it. */
const block = async (client, call, calls, atOnce) => {
  const start = performance.now();
  let wallUs = 0;
  const cpuUs = await cpuOf(async () => {
    for (let made = 0; made < calls; made += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => call(client)));
    wallUs = (performance.now() - start) * 1000;
    await sleep(SETTLED_MS);
  });
  return { wallUs: wallUs / calls, cpuUs: cpuUs / calls };
};

/** Who comes first alternates. */
const pairs = async (contender, call, { calls, atOnce }, count) => {
  const measured = [];
  for (let pair = 0; pair < count; pair += 1) {
    const both = {};
    for (const state of pair % 2 === 0 ? ["on", "off"] : ["off", "on"])
      both[state] = await block(contender[state](), call, calls, atOnce);
    measured.push(both);
  }
  return measured;
};

/** With fewer at once it is chance how many pieces come in one turn of the event loop, and two runs differ by 6%. */
const STREAMS = 32;

const WARM_UP_AT_ONCE = 40;

/**
 * Runs until the compiler has had its fill: what runs once for each call is compiled after some 400 calls, and better
 * after some 3000, on threads whose time counts. A server pays that once; here it would be added to every call.
 */
const warmUp = async (contender, call, calls) => {
  for (let made = 0; made < calls; made += WARM_UP_AT_ONCE)
    for (const state of ["on", "off"])
      await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, () => call(contender[state]())));
};

/** Spans of a batch leave a second after they were made, when the app does nothing else. */
const DRAIN_MS = 1600;
const EXPORTED = 400;

/** CPU per span of sending it, less what an idle process takes. */
const exporting = async (contender) => {
  await sleep(DRAIN_MS);
  const idle = await cpuOf(() => sleep(DRAIN_MS));
  const client = contender.on();
  for (let made = 0; made < EXPORTED; made += 1) await plain(client);
  await turn();
  return ((await cpuOf(() => sleep(DRAIN_MS))) - idle) / EXPORTED;
};

const main = async () => {
  const folderRequire = createRequire(join(FOLDER, "package.json"));
  const prepare = contenders[CONTENDER](folderRequire);
  // After the instrumentation, which patches what is loaded from now on.
  const { OpenAI } = folderRequire("openai");
  const contender = prepare(OpenAI);
  const [plainPairs, streamPairs, exports] = [env.PLAIN_PAIRS, env.STREAM_PAIRS, env.EXPORTS].map(Number);
  await warmUp(contender, plain, Number(env.WARM_UP_PLAIN));
  await warmUp(contender, streamed, Number(env.WARM_UP_STREAM));
  const result = {
    plain: await pairs(contender, plain, { calls: 32, atOnce: 1 }, plainPairs),
    stream: await pairs(contender, streamed, { calls: STREAMS, atOnce: STREAMS }, streamPairs),
    exportUs: [],
  };
  for (let round = 0; round < exports; round += 1) result.exportUs.push(await exporting(contender));
  process.stdout.write(`${JSON.stringify(result)}\n`);
};

main();
