import { sharedHook } from "./shared-hook.ts";
import { tellOwnError } from "./shield.ts";

/**
 * Makes model calls through a fetch function of your own visible: `new OpenAI({ fetch: wrapFetch(myFetch) })`. Only
 * needed where an SDK is given one; the global `fetch` is wrapped by the preload. A custom fetch that calls the global
 * one makes one span, not two. Returns a function that behaves like `fetch`; `fetch` itself while the preload is not
 * loaded. Responses whose body is no web stream (`node-fetch`) are timed, but their answers are not read.
 */
export const wrapFetch = <F>(fetch: F): F => {
  try {
    const hook = sharedHook();
    if (hook === null || typeof fetch !== "function") return fetch;
    return hook.wrapFetch(fetch as unknown as typeof globalThis.fetch) as unknown as F;
  } catch (error) {
    tellOwnError(error);
    return fetch;
  }
};
