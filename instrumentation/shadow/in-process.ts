import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { IN_PROCESS_NAMES, type InProcessModel, inProcessModel, installLine } from "../../core/in-process-model.ts";
import type { NoLikeness } from "./ask-embed.ts";
import { EMBEDDING_WORKER, type EmbeddingWorkerData, type EmbeddingWorkerWord } from "./embedding-worker.ts";

/** Vectors of texts by the model of this name, within `timeoutMs`, or why there are none. Never rejects. */
export type EmbedInProcess = (
  name: string,
  texts: readonly string[],
  timeoutMs: number,
) => Promise<readonly (readonly number[])[] | NoLikeness>;

/** What it works with. */
export interface InProcessParts {
  /** Where packages are looked for, as paths of files or folders that the app is at. */
  readonly from: readonly string[];
  /** Monotonic ms. */
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => () => void;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** Pairs that wait for their turn; beyond it their words alone are compared. */
const MAX_WAITING = 16;

/** A text is read in this many pieces at most. */
const MAX_PIECES = 8;

/** A worker that has rested this much longer than it worked may work again: it takes a quarter of one core. */
const REST_TIMES = 3;

/** Without work for this long, it is ended, and its memory is free. */
const IDLE_MS = 120_000;

/** V8's own part of its memory, MB; the weights are beside it. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** A model that is not loaded within this time does not load. */
const LOAD_MS = 60_000;

interface Asked {
  readonly texts: readonly string[];
  readonly timeoutMs: number;
  readonly give: (vectors: readonly (readonly number[])[] | NoLikeness) => void;
  isOver: boolean;
}

const resolveFrom = (from: readonly string[], name: string): string | null => {
  for (const place of from) {
    try {
      return createRequire(join(place, "leeway.js")).resolve(name);
    } catch {
      // it may be at the next place
    }
  }
  return null;
};

const dataOf = (
  from: readonly string[],
  { code, weights, beside, pieceChars }: InProcessModel,
): EmbeddingWorkerData | null => {
  const found = [code, weights, ...beside].map((name) => resolveFrom(from, name));
  const [codeFile = null, weightsFile = null] = found;
  if (codeFile === null || weightsFile === null || found.includes(null)) return null;
  return { code: codeFile, weights: weightsFile, pieceChars, maxPieces: MAX_PIECES };
};

/** Without the app's flags, environment and output: nothing of it is the app's. To read its output would keep the app alive. */
const startWorker = (workerData: EmbeddingWorkerData): Worker => {
  const worker = new Worker(EMBEDDING_WORKER, {
    ...{ eval: true, workerData, execArgv: [], env: {}, stdout: true, stderr: true, resourceLimits: LIMITS },
    name: "leeway-embedding",
  });
  return worker;
};

/** One model in a worker of its own, which is started when it is first asked. */
const createModelWorker = (data: EmbeddingWorkerData, { tick, later }: InProcessParts): ((asked: Asked) => void) => {
  let waiting: Asked[] = [];
  let worker: Worker | null = null;
  let isReady = false;
  let current: Asked | null = null;
  let begunTick = 0;
  let isResting = false;
  let stopIdle = (): void => undefined;
  /** Stops the clock of what the worker is at. */
  let stopWatch = (): void => undefined;

  const give = (asked: Asked | null, what: readonly (readonly number[])[] | NoLikeness): void => {
    if (asked === null || asked.isOver) return;
    asked.isOver = true;
    asked.give(what);
  };

  const end = (): void => {
    const ended = worker;
    stopWatch();
    worker = null;
    isReady = false;
    void ended?.terminate().catch(() => undefined);
  };

  /** What it was at is to blame, and the others have their turn with a new one; of a model that does not load, all are told. */
  const failed = (of: Worker): void => {
    if (worker !== of) return;
    const told = isReady ? [current] : waiting.splice(0);
    end();
    current = null;
    for (const asked of told) give(asked, "failed");
    next();
  };

  const rest = (): void => {
    isResting = true;
    later(
      () => {
        isResting = false;
        next();
      },
      (tick() - begunTick) * REST_TIMES,
    );
  };

  const hear = (of: Worker, word: EmbeddingWorkerWord): void => {
    if (worker !== of) return;
    stopWatch();
    if (word === "ready") {
      isReady = true;
      next();
      return;
    }
    give(current, word.vectors ?? "failed");
    current = null;
    rest();
  };

  const ready = (): Worker | null => {
    if (worker === null) {
      const started = startWorker(data);
      worker = started;
      started.on("message", (word: EmbeddingWorkerWord) => hear(started, word));
      started.on("error", () => failed(started));
      started.on("exit", () => failed(started));
      // Last: a listener for messages keeps the process alive.
      started.unref();
      stopWatch = later(() => failed(started), LOAD_MS);
    }
    return isReady ? worker : null;
  };

  const next = (): void => {
    stopIdle();
    waiting = waiting.filter(({ isOver }) => !isOver);
    if (current !== null || isResting) return;
    if (waiting.length === 0) {
      stopIdle = later(end, IDLE_MS);
      return;
    }
    const free = ready();
    if (free === null) return;
    current = waiting.shift() ?? null;
    if (current === null) return;
    begunTick = tick();
    stopWatch = later(() => failed(free), current.timeoutMs);
    free.postMessage(current.texts);
  };

  return (asked) => {
    if (waiting.length >= MAX_WAITING) {
      give(asked, "busy");
      return;
    }
    waiting.push(asked);
    next();
  };
};

/**
 * Embedding models that run beside the app in a worker thread, at the lowest priority and for a quarter of the time. A model is loaded
 * where the agent names it *and* its packages are installed with the app; that they are not is said once.
 */
export const createInProcess = (parts: InProcessParts): EmbedInProcess => {
  const workers = new Map<string, ((asked: Asked) => void) | null>();
  const workerOf = (name: string): ((asked: Asked) => void) | null => {
    const known = workers.get(name);
    if (known !== undefined) return known;
    const model = inProcessModel(name);
    const data = model === null ? null : dataOf(parts.from, model);
    if (model === null)
      parts.say(
        `leeway: similarity by in-process/${name}: this version knows only ${IN_PROCESS_NAMES.join(", ")}; words alone are compared`,
      );
    else if (data === null)
      parts.say(
        `leeway: similarity by in-process/${name} needs packages that are not installed: ${installLine(model)}; words alone are compared`,
      );
    const made = data === null ? null : createModelWorker(data, parts);
    workers.set(name, made);
    return made;
  };
  return async (name, texts, timeoutMs) => {
    const worker = workerOf(name);
    if (worker === null) return "absent";
    return new Promise((settle) => {
      const give: Asked["give"] = (vectors) => {
        stop();
        settle(vectors);
      };
      const asked: Asked = { texts, timeoutMs, give, isOver: false };
      const stop = parts.later(() => {
        asked.isOver = true;
        settle("failed");
      }, timeoutMs);
      worker(asked);
    });
  };
};
