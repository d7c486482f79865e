/**
 * What `node --require leeway/instrumentation` (or `--import`) loads, bundled into one CommonJS file. Synchronous; acts
 * once per thread: the main one, and the app's workers where LEEWAY_WORKERS asks for it, but not the threads Node itself
 * starts, which load preloads too. Never stops the app.
 */
import { isInternalThread, isMainThread } from "node:worker_threads";
import { LeewayError } from "../core/errors.ts";
import { nodeProblem } from "../core/needed-node.ts";
import { readPreloadSettings } from "./preload-settings.ts";
import { tellOwnError } from "./shield.ts";
import { startInstrumentation } from "./start-instrumentation.ts";

const LOADED = Symbol.for("leeway.preload");

/** Throws where this Node lacks what the hook is made of. */
const checkNode = (): void => {
  const problem = nodeProblem(process.version);
  if (problem !== null) throw new LeewayError("node-too-old", problem);
};

const preload = (): void => {
  const shared = globalThis as { [LOADED]?: true };
  if (isInternalThread || shared[LOADED]) return;
  shared[LOADED] = true;
  try {
    const settings = readPreloadSettings(process.env);
    if (settings.disabled || !(isMainThread || settings.workers)) return;
    checkNode();
    startInstrumentation(settings);
  } catch (error) {
    tellOwnError(error);
  }
};

preload();
