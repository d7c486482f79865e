import type { BedrockHook } from "./bedrock/bedrock-hook.ts";
import type { CallObserver } from "./fetch/call-observer.ts";
import { type SharedObject, sharedObject } from "./shared-object.ts";

/** What the preload offers to the `leeway` entry, which is another copy of this code without the hook in it. */
export interface SharedHook {
  /** Wraps a custom fetch function. */
  readonly wrapFetch: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** Follows calls of transports other than fetch. */
  readonly observer: CallObserver;
  /** Follows clients of the AWS SDK. */
  readonly bedrock: Pick<BedrockHook, "follow">;
}

const HOOK: SharedObject<SharedHook> = sharedObject("hook", 1);

/** Offers the hook to every copy of this code in the process. */
export const shareHook = (hook: SharedHook): void => HOOK.share(hook);

/** The hook of the preload; null while it is not loaded, or of another version. */
export const sharedHook = (): SharedHook | null => HOOK.find();
