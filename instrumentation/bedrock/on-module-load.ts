import { subscribe } from "node:diagnostics_channel";

/** Published by Node for every module it loads as CommonJS, `import` of one included. */
const REQUIRED = "tracing:module.require:end";

/**
 * Calls `loaded` with the exports of every CommonJS module whose id (the name in `require`, the file's path for
 * `import`) contains `name`, each time it is asked for. `loaded` must not throw. Node's own diagnostics channel tells
 * of them: nothing of the module loader is replaced.
 */
export const onModuleLoad = (name: string, loaded: (exports: unknown) => void): void => {
  subscribe(REQUIRED, (message) => {
    const { id, result } = message as { readonly id?: unknown; readonly result?: unknown };
    if (typeof id === "string" && id.includes(name)) loaded(result);
  });
};
