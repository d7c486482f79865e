// npm run bench:spool [-- --short]: what making rows durable and reading them back costs, without the store.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSpool } from "../../collector/spool/create-spool.ts";
import { openDirectory } from "../../collector/spool/directory-files.ts";
import { lockDirectory } from "../../collector/spool/directory-lock.ts";
import { SPAN_LINES } from "../../collector/spool/lines.ts";
import { SPAN_COLUMNS } from "../../core/span-row.ts";

const isShort = process.argv.includes("--short");
const ROUNDS = isShort ? 2 : 7;
const ROWS = isShort ? 20_000 : 200_000;
/** Rows of one append: an exporter's batch. */
const BATCH = 512;
const WRITERS = 8;

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0");

/** About 650 bytes, as a call with features has. */
const line = (n: number): string => {
  const cells = SPAN_COLUMNS.map((_column, at) =>
    at % 3 === 0 ? n + at : at % 3 === 1 ? `value-${at}-${n % 97}` : null,
  );
  const features = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`feature_${at}`, (n % 100) / 7]));
  return `${JSON.stringify([hex(n, 32), hex(n, 16), ...cells.slice(2, -1), features])}\n`;
};

const batches = Array.from({ length: Math.ceil(ROWS / BATCH) }, (_, at) =>
  Buffer.from(Array.from({ length: BATCH }, (_each, row) => line(at * BATCH + row)).join("")),
);

const silent = {
  info: () => undefined,
  warn: () => undefined,
  error: (text: string) => void process.stderr.write(`${text}\n`),
};

interface Phase {
  readonly wallMs: number;
  /** Of all threads, which a busy machine changes less. */
  readonly cpuMs: number;
}

interface Round {
  readonly append: Phase;
  readonly read: Phase;
  readonly rows: number;
}

const measure = async (work: () => Promise<unknown>): Promise<Phase> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
};

const round = async (): Promise<Round> => {
  const dir = await mkdtemp(join(tmpdir(), "leeway-bench-spool-"));
  const lock = await lockDirectory(dir, silent);
  if (lock.outcome !== "locked") throw new Error("the directory is taken");
  const gate = Promise.withResolvers<void>();
  let rows = 0;
  const limits = { maxBytes: 8e9, maxRows: 20_000, maxSegmentBytes: 8 * 1024 ** 2, maxDelayMs: 60_000 };
  const spool = await createSpool(
    { ...limits, maxLeftoverKeys: 1, retryMs: { first: 1, longest: 1 } },
    {
      ...{ format: SPAN_LINES, files: await openDirectory(dir), owner: lock, now: Date.now, log: silent },
      insert: async (batch) => {
        await gate.promise;
        rows += batch.rows;
      },
    },
  );
  let next = 0;
  const write = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const { outcome } = await spool.append(batch, BATCH);
      if (outcome !== "durable") throw new Error(`a batch is ${outcome}`);
    }
  };
  const append = await measure(() => Promise.all(Array.from({ length: WRITERS }, write)));
  gate.resolve();
  const read = await measure(spool.flush);
  await spool.close(1000);
  await lock.release();
  await rm(dir, { recursive: true, force: true });
  return { append, read, rows };
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const rounds: Round[] = [];
for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round());
const told = (phase: (each: Round) => Phase): string => {
  const perSecond = median(rounds.map((each) => each.rows / (phase(each).wallMs / 1000)));
  const cpu = median(rounds.map((each) => (phase(each).cpuMs * 1000) / each.rows));
  return `${Math.round(perSecond / 1000)}k rows/s, ${cpu.toFixed(2)} us CPU a row`;
};
const bytes = Math.round((batches[0]?.length ?? 0) / BATCH);
print(`${rounds[0]?.rows} rows of ${bytes} bytes, ${BATCH} a batch, ${WRITERS} senders, median of ${ROUNDS}`);
print(`append (durable)   ${told(({ append }) => append)}`);
print(`read for the store ${told(({ read }) => read)}`);
