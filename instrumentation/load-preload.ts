import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Beside this file in the package; in a checkout, where it was built. */
const PLACES = ["./preload.cjs", "../dist/instrumentation/preload.cjs"];

/** Loads the preload into this process, as `--require leeway/instrumentation` does. False where it was not built. */
export const loadPreload = (): boolean => {
  const place = PLACES.map((each) => fileURLToPath(new URL(each, import.meta.url))).find((each) => existsSync(each));
  if (place === undefined) return false;
  createRequire(import.meta.url)(place);
  return true;
};
