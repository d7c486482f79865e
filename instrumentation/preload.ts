/**
 * What `node --require leeway/instrumentation` (or `--import`) loads, bundled into one CommonJS file. Synchronous; acts
 * once per process, in the main thread only (Node loads preloads in its own worker threads too); never stops the app.
 */
import { isMainThread } from "node:worker_threads";
import { readPreloadSettings } from "./preload-settings.ts";
import { tellOwnError } from "./shield.ts";
import { startInstrumentation } from "./start-instrumentation.ts";

const LOADED = Symbol.for("leeway.preload");

const preload = (): void => {
  const shared = globalThis as { [LOADED]?: true };
  if (!isMainThread || shared[LOADED]) return;
  shared[LOADED] = true;
  try {
    const settings = readPreloadSettings(process.env);
    if (!settings.disabled) startInstrumentation(settings);
  } catch (error) {
    tellOwnError(error);
  }
};

preload();
