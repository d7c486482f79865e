// npm run bench:kills [-- --short] [-- --kills=10] [-- --only=both]: kill -9 of agent, engine, both, and the engine while it restarts, under
// steady traffic. Exit 1 unless every call that was acknowledged is one row, once, and once in the rollup.
import { setTimeout as sleep } from "node:timers/promises";
import { createKillWorld, type KillWorld, until } from "./kill-world.ts";
import { startTraffic } from "./steady-traffic.ts";

const given = process.argv.find((argument) => argument.startsWith("--kills="))?.slice(8);
const KILLS = Number(given ?? (process.argv.includes("--short") ? 2 : 50));

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const signal = (pid: number | null): boolean => {
  try {
    return pid !== null && process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in between.
    return false;
  }
};

const killAgent = (world: KillWorld): Promise<void> => world.agent().stop("SIGKILL");

const killEngine = (world: KillWorld): Promise<void> => until("an engine", async () => signal(await world.engine()));

const KINDS: readonly (readonly [name: string, kill: (world: KillWorld) => Promise<void>])[] = [
  [
    "agent",
    async (world) => {
      await killAgent(world);
      await world.start();
    },
  ],
  ["engine", killEngine],
  [
    "both",
    async (world) => {
      const engine = await world.engine();
      await Promise.all([killAgent(world), signal(engine)]);
      await world.start();
    },
  ],
  [
    "engine during its restart",
    async (world) => {
      const first = await world.engine();
      await killEngine(world);
      await until("the next engine", async () => {
        const next = await world.engine();
        return next !== null && next !== first && signal(next);
      });
    },
  ],
];

interface Counts {
  readonly rows: number;
  readonly calls: number;
  readonly rollup: number;
}

const countsOf = async (world: KillWorld): Promise<Counts> => {
  const [spans] = await world.query<{ rows: number; calls: number }>(
    "SELECT count() AS rows, uniqExact(trace_id, span_id) AS calls FROM llm_spans",
  );
  const [rollup] = await world.query<{ calls: number }>("SELECT sum(calls) AS calls FROM llm_1m");
  return { rows: spans?.rows ?? 0, calls: spans?.calls ?? 0, rollup: rollup?.calls ?? 0 };
};

const STANDSTILL_MS = 60_000;

/** The counts when they are right, or when they have not changed for a minute: a row is seen before its rollup. */
const settled = async (world: KillWorld, isRight: (counts: Counts) => boolean): Promise<Counts> => {
  let last: Counts = { rows: -1, calls: -1, rollup: -1 };
  let since = performance.now();
  for (;;) {
    const counts = await countsOf(world).catch(() => last);
    if (isRight(counts)) return counts;
    if (counts.rows !== last.rows || counts.rollup !== last.rollup) since = performance.now();
    if (performance.now() - since > STANDSTILL_MS) return counts;
    last = counts;
    await sleep(200);
  }
};

/** A place within the second, another each time and the same in each run. */
const offsetMs = (kill: number): number => (kill * 379) % 1000;

const run = async (name: string, kill: (world: KillWorld) => Promise<void>): Promise<boolean> => {
  const world = await createKillWorld();
  const began = performance.now();
  try {
    await world.start();
    const traffic = startTraffic(world.collectorUrl);
    for (let done = 0; done < KILLS; done += 1) {
      const before = traffic.acknowledged();
      await until("calls are taken", async () => traffic.acknowledged() > before + 100);
      await sleep(offsetMs(done));
      await kill(world);
      await until("the agent and its engine are back", world.isReady);
    }
    await traffic.stop();
    const sent = traffic.acknowledged();
    const isEqual = ({ rows, calls, rollup }: Counts): boolean => rows === sent && calls === sent && rollup === sent;
    const counts = await settled(world, isEqual);
    const { rows, calls, rollup } = counts;
    const isRight = isEqual(counts);
    const seconds = Math.round((performance.now() - began) / 1000);
    print(
      `| ${name} | ${KILLS} | ${sent} | ${rows} | ${calls} | ${rollup} | ${traffic.repeated()} | ${isRight ? "yes" : "NO"} | ${seconds} |`,
    );
    return isRight;
  } finally {
    await world.close();
  }
};

print("| killed | times | acknowledged | rows | different calls | in the rollup | requests repeated | equal | s |");
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
let isRight = true;
for (const [name, kill] of KINDS.filter(([each]) => only === undefined || each === only))
  isRight = (await run(name, kill)) && isRight;
process.exitCode = isRight ? 0 : 1;
