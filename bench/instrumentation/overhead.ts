import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "../../test/peers/install-packages.ts";
import { median } from "./median.ts";
import { startServers } from "./start-servers.ts";

/** What one contender adds to one kind of call. */
export interface Added {
  /** Added CPU time of the process per call, in us: median of the pairs. */
  readonly cpuUs: number;
  /** Wall clock per call with it over without it: median of the pairs. */
  readonly wallRatio: number;
  /** CPU time per call with it over without it: median of the pairs. */
  readonly cpuRatio: number;
}

/** One row of the table. */
export interface Overhead {
  readonly contender: string;
  readonly plain: Added;
  readonly stream: Added;
  /** Spans the collector got, as a share of the calls made with the contender on. */
  readonly recorded: number;
}

/** How much to measure. */
export interface Effort {
  readonly pairs: number;
  readonly plainCalls: number;
  readonly streamCalls: number;
}

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

type Pair = Readonly<Record<"on" | "off", Cost>>;

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = dirname(dirname(dirname(HERE)));

/** The folder below `peers/` that brings a contender's packages. */
const folderOf = (contender: string): string => join(HERE, "peers", contender === "nothing" ? "leeway" : contender);

const addedBy = (pairs: readonly Pair[]): Added => ({
  cpuUs: median(pairs.map(({ on, off }) => on.cpuUs - off.cpuUs)),
  wallRatio: median(pairs.map(({ on, off }) => on.wallUs / off.wallUs)),
  cpuRatio: median(pairs.map(({ on, off }) => on.cpuUs / off.cpuUs)),
});

const runMeasured = (contender: string, env: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const preload = join(ROOT, "dist", "instrumentation", "preload.cjs");
    const flags =
      contender === "leeway" ? ["--require", join(HERE, "measured", "keep-fetch.cjs"), "--require", preload] : [];
    const args = ["--expose-gc", ...flags, join(HERE, "measured", "measure.cjs")];
    const child = spawn(process.execPath, args, {
      env: { ...env, OPENAI_API_KEY: "sk-test" },
      stdio: ["ignore", "pipe", "inherit"],
    });
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
      OPENAI_BASE_URL: `${servers.provider}/v1`,
      ...{
        PAIRS: String(effort.pairs),
        PLAIN_CALLS: String(effort.plainCalls),
        STREAM_CALLS: String(effort.streamCalls),
      },
    });
    const { plain, stream } = JSON.parse(output);
    const made = (effort.pairs + 2) * (effort.plainCalls + effort.streamCalls);
    return { contender, plain: addedBy(plain), stream: addedBy(stream), recorded: (await servers.received()) / made };
  } finally {
    await servers.close();
  }
};
