/**
 * What `node --require leeway/instrumentation` (or `--import`) loads, bundled into one CommonJS file. Synchronous; acts
 * once per thread: the main one, and the app's workers where LEEWAY_WORKERS asks for it, but not the threads Node itself
 * starts, which load preloads too. Never stops the app.
 */
import { isInternalThread, isMainThread } from "node:worker_threads";
import { readPreloadSettings } from "./preload-settings.ts";
import { tellOwnError } from "./shield.ts";
import { startInstrumentation } from "./start-instrumentation.ts";

const LOADED = Symbol.for("leeway.preload");

const preload = (): void => {
  const shared = globalThis as { [LOADED]?: true };
  if (isInternalThread || shared[LOADED]) return;
  shared[LOADED] = true;
  try {
    const settings = readPreloadSettings(process.env);
    if (!settings.disabled && (isMainThread || settings.workers)) startInstrumentation(settings);
  } catch (error) {
    tellOwnError(error);
  }
};

preload();
