/**
 * A process of its own, because errors of ours must not even reach its uncaughtException: makes every function of
 * ours throw in turn, runs the same app each time, and prints what the app saw and what was printed as JSON.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics, { type ChannelListener } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, Script } from "node:vm";
import { LOAD_GUARD } from "../../../scripts/guard-load.mjs";
import { type InjectedBundle, injectPoints, type Point } from "./inject-points.ts";
import { runScenario, type Seen } from "./scenario.ts";

/** One run with one function of ours throwing. `printed` are lines of ours. */
export interface Thrown extends Point {
  /** How often the function was called, and threw. */
  readonly threw: number;
  readonly seen: Seen;
  readonly printed: readonly string[];
  /** What reached the process: uncaught exceptions and unhandled rejections. */
  readonly escaped: readonly string[];
}

/** What the process prints. */
export interface Report {
  /** The app without us. */
  readonly without: Seen;
  /** The app with us, nothing throwing. */
  readonly healthy: Omit<Thrown, keyof Point>;
  /** Functions of ours, called in that run or not. */
  readonly functions: number;
  readonly runs: readonly Thrown[];
}

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const CHUNKS = [
  '{"choices":[{"index":0,"delta":{"content":"{}"}}]}',
  '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
];
const STREAM = [...CHUNKS, "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
const CALL = { id: "1", type: "function", function: { name: "lookup", arguments: "{}" } };
const CHAT = {
  id: "c",
  model: "m",
  choices: [{ index: 0, finish_reason: "stop", message: { content: "{}", tool_calls: [CALL] } }],
};
const ANTHROPIC =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"a"}}\n\ndata: {"type":"message_stop"}\n\n';
const GEMINI = { candidates: [{ content: { parts: [{ text: "hi" }] }, finishReason: "STOP" }] };

const answer = (path: string, body: string): readonly [number, string, string] => {
  if (path.endsWith("/messages")) return [200, "text/event-stream", ANTHROPIC];
  if (path.includes(":generateContent")) return [200, "application/json", JSON.stringify(GEMINI)];
  if (!path.endsWith("/chat/completions")) return [200, "text/plain", "other"];
  if (body.includes('"fails"')) return [500, "application/json", '{"error":{"message":"no"}}'];
  return body.includes('"stream":true')
    ? [200, "text/event-stream", STREAM]
    : [200, "application/json", JSON.stringify(CHAT)];
};

/** Provider and collector in one. The collector refuses every third request, so that batches are halved too. */
const startServer = async (): Promise<string> => {
  let exports = 0;
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const part of incoming) body += part;
    exports += incoming.url === "/v1/traces" ? 1 : 0;
    const [status, type, text] =
      incoming.url === "/v1/traces"
        ? [exports % 3 === 0 ? 400 : 200, "application/json", "{}"]
        : answer(incoming.url ?? "", body);
    response.writeHead(status, { "content-type": type }).end(text);
  };
  const server = createServer((incoming, response) => void handle(incoming, response))
    .listen(0, "127.0.0.1")
    .unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const EVENTS = ["beforeExit", "exit", "SIGTERM", "SIGINT", "newListener", "removeListener"] as const;

/** Runs `fn` with a fresh process as far as we change one, and puts everything back. */
const isolated = async <T>(fn: () => Promise<T>): Promise<T> => {
  const { fetch, setInterval } = globalThis;
  const intervals: NodeJS.Timeout[] = [];
  globalThis.setInterval = ((work: () => void, ms: number) => {
    const timer = setInterval(work, ms);
    intervals.push(timer);
    return timer;
  }) as typeof setInterval;
  const before = EVENTS.map((event) => new Set(process.listeners(event as "exit")));
  try {
    return await fn();
  } finally {
    globalThis.fetch = fetch;
    globalThis.setInterval = setInterval;
    for (const timer of intervals) clearInterval(timer);
    for (const [channel, listener] of subscriptions.splice(0)) diagnostics.unsubscribe(channel, listener);
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (key.description?.startsWith("leeway.")) Reflect.deleteProperty(globalThis, key);
    }
    // The observers of listeners first, or they would act on what follows.
    EVENTS.toReversed().forEach((event, index) => {
      for (const listener of process.listeners(event as "exit")) {
        if (!before.at(-1 - index)?.has(listener)) process.removeListener(event, listener);
      }
    });
  }
};

const ownRequire = createRequire(import.meta.url);

type Evaluate = (point: (number: number) => void) => Record<string, unknown>;

/** What a run subscribed to, so that it does not hear of the next ones. */
const subscriptions: [name: string, listener: ChannelListener][] = [];

const require = (name: string): unknown => {
  if (name !== "node:diagnostics_channel") return ownRequire(name);
  const subscribe = (channel: string, listener: ChannelListener): void => {
    subscriptions.push([channel, listener]);
    diagnostics.subscribe(channel, listener);
  };
  return { ...diagnostics, subscribe };
};

/** Compiled once, evaluated for every run. */
const compile = ({ code }: InjectedBundle): Evaluate => {
  const script = new Script(`(function (require, module, exports, __point) {${code}\n})`, {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return (point) => {
    const module = { exports: {} };
    script.runInThisContext()(require, module, module.exports, point);
    return module.exports;
  };
};

const base = await startServer();
const preload = await injectPoints("instrumentation/preload.ts", ROOT, 0, LOAD_GUARD);
const entry = await injectPoints("instrumentation/index.ts", ROOT, preload.points.length, { before: "", after: "" });
const [loadPreload, loadEntry] = [compile(preload), compile(entry)];
const points = [...preload.points, ...entry.points];
Object.assign(process.env, {
  LEEWAY_ENDPOINT: base,
  LEEWAY_CAPTURE_CONTENT: "true",
  LEEWAY_SPOOL_DIR: process.argv[2],
});

/** Takes what reaches the process: an app would have crashed. */
let take: (error: unknown) => void = () => {};
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => take(error));

/** Calls what listens to the end of the process, apart from the listeners that were there before us. */
const listening = new Map(
  (["beforeExit", "exit"] as const).map((event) => [event, process.listeners(event as "exit")]),
);
const endWith = (event: "beforeExit" | "exit"): void => {
  for (const listener of process.listeners(event as "exit")) {
    if (listening.get(event)?.includes(listener)) continue;
    try {
      listener.call(process, 0);
    } catch (error) {
      take(error);
    }
  }
};

/** An app that waits for ever has been harmed too. */
const within = <T>(ms: number, work: Promise<T>): Promise<T | Seen> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Seen>((resolve) => {
    timer = setTimeout(resolve, ms, ["hangs"]);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Functions that do nothing but hand over to one that catches. */
const PLUMBING: Readonly<Record<string, RegExp>> = {
  // Getters of esbuild's, in place of `export`.
  "instrumentation/index.ts": /./,
  // The app's own way to its bytes: what is ours in there goes through an observer that catches.
  "instrumentation/fetch/pass-through.ts": /./,
  "instrumentation/fetch/watched-iterator.ts": /./,
  "instrumentation/fetch/observe-response.ts": /./,
  "instrumentation/fetch/observed-prototype.ts": /./,
  "instrumentation/fetch/body-watch.ts": /^(?:reading|chunk|end|fail|cancel)$/,
  "instrumentation/fetch/fetch-hook.ts": /^(?:hooked|send|line \d+)$/,
  "instrumentation/fail-open.ts": /^(?:guard|createFailOpen)$/,
  "instrumentation/shield.ts": /./,
  "instrumentation/context.ts": /^with/,
  "instrumentation/content/redaction.ts": /^setRedaction$/,
  "instrumentation/flag-hook.ts": /^leewayFlagHook$/,
  "instrumentation/span-processor.ts": /^(?:leewaySpanProcessor|forceFlush|shutdown)$/,
  "instrumentation/start-instrumentation.ts": /^wrapFetch$/,
};
const isPlumbing = ({ file, name }: Point): boolean => PLUMBING[file]?.test(name) === true;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The lines of the run that something belongs to. */
const runOf = new AsyncLocalStorage<string[]>();

/** Loads us, runs the app, and lets the process "end". `target` = the point that throws; -1 for none. */
const called = new Set<number>();
const runWith = (target: number): Promise<Omit<Thrown, keyof Point>> =>
  isolated(async () => {
    const [printed, escaped] = [[] as string[], [] as string[]];
    const { write } = process.stderr;
    take = (error) => void escaped.push(String(error));
    // A late line of an earlier run is none of this one's: its process would have ended, or told it once already.
    const isLate = (): boolean => (runOf.getStore() ?? printed) !== printed;
    process.stderr.write = ((text: string) =>
      text.startsWith("leeway") && !isLate() ? printed.push(text) > 0 : true) as typeof write;
    let threw = 0;
    let armed = true;
    const point = (number: number): void => {
      if (!armed) return;
      called.add(number);
      if (number !== target) return;
      threw += 1;
      throw new Error("thrown by the test");
    };
    runOf.enterWith(printed);
    try {
      loadPreload(point);
      armed = false;
      // What the `leeway` entry runs while it is imported can only fail as an import.
      const leeway = loadEntry(point) as never;
      armed = true;
      const seen = await within(2000, runScenario(base, leeway));
      endWith("beforeExit");
      for (let turns = 0; turns < 12; turns += 1) await turn();
      await new Promise((resolve) => setTimeout(resolve, 5));
      const last = { method: "POST", body: '{"model":"last","messages":[]}' };
      const callOnce = async () => (await fetch(`${base}/v1/chat/completions`, last)).json();
      await within(2000, callOnce().catch(take));
      endWith("exit");
      await turn();
      return { threw, seen, printed, escaped };
    } catch (error) {
      take(error);
      return { threw, seen: [], printed, escaped };
    } finally {
      armed = false;
      // What was thrown last is told a few turns later, and belongs to this run.
      for (let turns = 0; turns < 3; turns += 1) await turn();
      process.stderr.write = write;
    }
  });

const without = await runScenario(base, (await import(join(ROOT, "instrumentation/index.ts"))) as never);
const healthy = await runWith(-1);
const runs: Thrown[] = [];
for (const [number, where] of points.entries()) {
  if (called.has(number) && !isPlumbing(where)) runs.push({ ...where, ...(await runWith(number)) });
}
const report: Report = { without, healthy, functions: points.length, runs };
process.stdout.write(JSON.stringify(report), () => process.exit(0));
