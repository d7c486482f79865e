import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "../../test/peers/install-packages.ts";
import { median } from "./quantile.ts";
import { startServers } from "./start-servers.ts";

/** What one contender adds to one kind of call: medians over pairs of blocks, without the export. */
export interface Added {
  /** CPU time of the process per call, us. */
  readonly cpuUs: number;
  /** CPU time per call with it over without it. */
  readonly cpuRatio: number;
  /** Wall clock per call with it over without it. */
  readonly wallRatio: number;
}

/** One row of the table. */
export interface Overhead {
  readonly contender: string;
  readonly plain: Added;
  readonly stream: Added;
  /** CPU time of sending one span, us. */
  readonly exportUs: number;
  /** Spans the collector got. */
  readonly spans: number;
}

/** How much to measure: pairs of blocks with the contender on and off, and rounds of export. */
export interface Effort {
  /** Calls of each kind, with the contender on and off, before anything is measured. */
  readonly warmUpPlain: number;
  readonly warmUpStream: number;
  readonly plainPairs: number;
  readonly streamPairs: number;
  readonly exports: number;
}

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

type Pair = Readonly<Record<"on" | "off", Cost>>;

interface Measured {
  readonly plain: readonly Pair[];
  readonly stream: readonly Pair[];
  readonly exportUs: readonly number[];
}

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PRELOAD = join(dirname(dirname(HERE)), "dist", "instrumentation", "preload.cjs");

/** The folder below `peers/` that brings a contender's packages. */
const folderOf = (contender: string): string => join(HERE, "peers", contender === "nothing" ? "leeway" : contender);

const addedBy = (pairs: readonly Pair[]): Added => ({
  cpuUs: median(pairs.map(({ on, off }) => on.cpuUs - off.cpuUs)),
  cpuRatio: median(pairs.map(({ on, off }) => on.cpuUs / off.cpuUs)),
  wallRatio: median(pairs.map(({ on, off }) => on.wallUs / off.wallUs)),
});

const flagsOf = (contender: string): string[] =>
  contender === "leeway" ? ["--require", join(HERE, "measured", "keep-fetch.cjs"), "--require", PRELOAD] : [];

const runMeasured = (contender: string, env: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = [...flagsOf(contender), join(HERE, "measured", "measure.cjs")];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (part) => {
      output += part;
    });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${contender} ended with ${code}`)),
    );
  });

/** Measures one contender in a process of its own; a string says why it could not be measured. */
export const measureOverhead = async (contender: string, effort: Effort): Promise<Overhead | string> => {
  const folder = folderOf(contender);
  const reason = await installPackages(folder);
  if (reason !== null) return reason;
  const servers = await startServers();
  try {
    const output = await runMeasured(contender, {
      ...{ FOLDER: folder, CONTENDER: contender, COLLECTOR: servers.collector, LEEWAY_ENDPOINT: servers.collector },
      // Nothing of an earlier process is sent again while this one is measured.
      LEEWAY_SPOOL_DIR: "off",
      ...{ OPENAI_BASE_URL: `${servers.provider}/v1`, OPENAI_API_KEY: "sk-test" },
      ...{ PLAIN_PAIRS: String(effort.plainPairs), STREAM_PAIRS: String(effort.streamPairs) },
      ...{ WARM_UP_PLAIN: String(effort.warmUpPlain), WARM_UP_STREAM: String(effort.warmUpStream) },
      EXPORTS: String(effort.exports),
    });
    const { plain, stream, exportUs }: Measured = JSON.parse(output);
    const added = { plain: addedBy(plain), stream: addedBy(stream), exportUs: median(exportUs) };
    return { contender, ...added, spans: await servers.received() };
  } finally {
    await servers.close();
  }
};
