import { isRecord } from "../../features/is-record.ts";
import type { CallObserver } from "../fetch/call-observer.ts";
import { createBedrockMiddleware } from "./bedrock-middleware.ts";

/** Follows the calls of AWS SDK clients for Bedrock. */
export interface BedrockHook {
  /** Follows the calls that `client` makes from now on; does nothing for what is no such client, or known already. */
  readonly follow: (client: unknown) => void;
  /** Follows every client made by a loaded `@aws-sdk/client-bedrock-runtime`, given what the package exports. */
  readonly patch: (exports: unknown) => void;
}

interface MiddlewareStack {
  readonly add: (middleware: unknown, options: object) => void;
}

const stackOf = (client: unknown): MiddlewareStack | null => {
  const stack: unknown = typeof client === "object" && client !== null ? Reflect.get(client, "middlewareStack") : null;
  return typeof stack === "object" && stack !== null && typeof Reflect.get(stack, "add") === "function"
    ? (stack as MiddlewareStack)
    : null;
};

/** `low`: after what the app adds to the same step, so that the request is seen as it is sent. */
const OPTIONS = { step: "build", priority: "low", name: "leewayMiddleware", tags: ["LEEWAY"] };

/** Starts with no client. Nothing thrown here reaches the app. */
export const createBedrockHook = (observer: CallObserver): BedrockHook => {
  const known = new WeakSet<object>();
  const middleware = createBedrockMiddleware(observer);
  const add = (client: unknown): void => {
    const stack = stackOf(client);
    if (stack === null || known.has(stack)) return;
    known.add(stack);
    stack.add(middleware, OPTIONS);
  };
  const follow = (client: unknown): void => observer.guard(() => add(client));
  const patchClass = (prototype: object): void => {
    if (known.has(prototype)) return;
    known.add(prototype);
    const inherited = Object.getPrototypeOf(prototype);
    const own = Object.getOwnPropertyDescriptor(prototype, "send")?.value;
    const send = function (this: unknown, ...args: unknown[]): unknown {
      follow(this);
      return Reflect.apply(own ?? Reflect.get(inherited, "send"), this, args);
    };
    Object.defineProperty(prototype, "send", { value: send, writable: true, configurable: true, enumerable: false });
  };
  const patch = (exports: unknown): void =>
    observer.guard(() => {
      const client = isRecord(exports) ? exports.BedrockRuntimeClient : null;
      if (typeof client === "function" && typeof client.prototype?.send === "function") patchClass(client.prototype);
    });
  return { follow, patch };
};
