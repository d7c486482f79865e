import { createBedrockHook } from "../../../instrumentation/bedrock/bedrock-hook.ts";
import { createCallObserver } from "../../../instrumentation/fetch/call-observer.ts";
import { hookFetch } from "../../../instrumentation/fetch/fetch-hook.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { createOpenCalls, type OpenCalls } from "../../../instrumentation/fetch/open-calls.ts";
import { createRetryFold } from "../../../instrumentation/fetch/retry-fold.ts";
import { eventually } from "../eventually.ts";

type Handler = (args: unknown) => unknown;
type Middleware = (next: Handler) => Handler;

/** The parts of the AWS SDK's client class that matter: a stack of middlewares around what sends the request. */
export class ClientDouble {
  readonly middlewares: Middleware[] = [];
  readonly added: object[] = [];
  readonly middlewareStack: object = {
    add: (middleware: Middleware, options: object) => {
      this.middlewares.push(middleware);
      this.added.push(options);
    },
  };
  send(command: { readonly args: unknown; readonly answer: Handler }): unknown {
    return this.middlewares.reduceRight((next, middleware) => middleware(next), command.answer)(command.args);
  }
}

/** What a middleware of the build step is given for one of Bedrock's operations. */
export const requestTo = (
  operation: string,
  body: unknown = { messages: [] },
  model = "anthropic.claude-x",
): object => ({
  request: {
    ...{ method: "POST", protocol: "https:", hostname: "bedrock-runtime.eu-west-1.amazonaws.com", headers: {} },
    ...{ path: `/model/${model}/${operation}`, body: typeof body === "string" ? body : JSON.stringify(body) },
  },
});

/** A hook as the preload makes it, and what it recorded. */
export interface HookedBedrock extends ReturnType<typeof createBedrockHook> {
  readonly calls: FinishedCall[];
  readonly errors: unknown[];
  readonly open: OpenCalls;
  /** A fetch that answers `{}` to everything, hooked by the same observer. */
  readonly fetch: typeof globalThis.fetch;
  readonly call: (index?: number) => Promise<FinishedCall>;
}

/** Starts a hook that keeps the finished calls. */
export const hookedBedrock = (): HookedBedrock => {
  const calls: FinishedCall[] = [];
  const errors: unknown[] = [];
  const open = createOpenCalls();
  const observer = createCallObserver({
    clock: { now: Date.now, tick: () => performance.now() },
    ...{ open, retries: createRetryFold(() => () => {}) },
    defer: (work) => void setImmediate(() => work.run()),
    record: (call) => void calls.push(call),
    onInternalError: (error) => void errors.push(error),
  });
  const fetch = hookFetch(async () => Response.json({}), observer, { nested: false });
  return {
    ...createBedrockHook(observer),
    fetch,
    calls,
    errors,
    open,
    call: (index = 0) => eventually(() => calls[index]),
  };
};
