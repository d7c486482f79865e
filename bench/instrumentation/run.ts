// npm run bench:instrumentation [-- --short] [-- --only=overhead,features,start,burst]: what the preload costs.
import { measureBurst } from "./burst.ts";
import { measureFeatures } from "./features.ts";
import { type Added, measureOverhead } from "./overhead.ts";
import { measureStart } from "./start.ts";

const short = process.argv.includes("--short");
const only =
  process.argv
    .find((argument) => argument.startsWith("--only="))
    ?.slice(7)
    .split(",") ?? null;
const wanted = (part: string): boolean => only?.includes(part) ?? true;
const print = (line = ""): void => void process.stdout.write(`${line}\n`);
const cell = (text: string, width: number): string => text.padStart(width);
const signed = (value: number): string => `${value < 0 ? "" : "+"}${value.toFixed(0)}`;

/** The row of nothing shows the noise of the measurement. */
const CONTENDERS = short
  ? ["nothing", "leeway"]
  : ["nothing", "leeway", "opentelemetry", "openllmetry", "openinference"];

const addedCells = ({ cpuUs, cpuRatio, wallRatio }: Added): string =>
  `${cell(signed(cpuUs), 9)}${cell(cpuRatio.toFixed(2), 6)}${cell(wallRatio.toFixed(2), 6)}`;

const showOverhead = async (): Promise<void> => {
  const effort = short
    ? { warmUpPlain: 400, warmUpStream: 80, plainPairs: 60, streamPairs: 10, exports: 1 }
    : { warmUpPlain: 4000, warmUpStream: 1600, plainPairs: 200, streamPairs: 60, exports: 3 };
  print("openai 6              plain call       stream of 200 chunks   export");
  print("                 CPU us   CPU  wall   CPU us   CPU  wall   CPU us   spans");
  for (const contender of CONTENDERS) {
    const row = await measureOverhead(contender, effort);
    if (typeof row === "string") print(`skipped  ${contender}: ${row}`);
    else {
      const { plain, stream, exportUs, spans } = row;
      const end = `${cell(signed(exportUs), 9)}${cell(String(spans), 8)}`;
      print(`${contender.padEnd(14)}${addedCells(plain)}${addedCells(stream)}${end}`);
    }
  }
  print();
};

const showFeatures = (): void => {
  const { sizes, worst } = measureFeatures(short ? 20 : 200);
  print("output features        us per KB of answer");
  for (const { name, usPerKb } of sizes) print(`${name.padEnd(24)}${cell(usPerKb.toFixed(1), 8)}`);
  print(`slowest odd input: ${worst.ms.toFixed(2)} ms (${worst.name})`);
  print();
};

const showStart = (): void => {
  const { addedMs, addedMb } = measureStart(short ? 5 : 25);
  print(`start of the process: ${signed(addedMs)} ms, ${signed(addedMb)} MB over bare Node ${process.version}`);
  print();
};

const showBurst = async (): Promise<void> => {
  const burst = short ? { calls: 2000, downMs: 3000 } : { calls: 10_000, downMs: 30_000 };
  const { arrived, afterMs } = await measureBurst(burst);
  print(
    `burst of ${burst.calls} calls, collector down for ${burst.downMs / 1000} s: ${arrived} spans arrived ` +
      `${(afterMs / 1000).toFixed(1)} s after it came up`,
  );
};

if (wanted("overhead")) await showOverhead();
if (wanted("features")) showFeatures();
if (wanted("start")) showStart();
if (wanted("burst")) await showBurst();
