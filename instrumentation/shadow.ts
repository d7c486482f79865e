import { printLine } from "./print-line.ts";
import type { ShadowFunctions } from "./shadow-functions.ts";
import { sharedShadow } from "./shared-shadow.ts";
import { shield } from "./shield.ts";

const nothing = (): void => undefined;

const isOneOf = (value: unknown): boolean => value === undefined || typeof value === "function";

const problemOf = (migration: unknown, functions: unknown): string | null => {
  if (typeof migration !== "string" || migration === "") return "its first argument is no name of a migration";
  if (typeof functions !== "object" || functions === null) return "its second argument is no object of functions";
  const { run, embed, unit } = functions as Readonly<Record<string, unknown>>;
  if (!isOneOf(run) || !isOneOf(embed) || (run ?? embed) === undefined) return "it needs a function `run` or `embed`";
  return unit === undefined || unit === "call" || unit === "run" ? null : '`unit` has to be "call" or "run"';
};

const told = new Set<string>();

const tellOnce = (line: string): void => {
  if (told.has(line)) return;
  told.add(line);
  printLine(line);
};

const isSwitchedOff = ({ LEEWAY_DISABLED: disabled, LEEWAY_SHADOW: wanted }: NodeJS.ProcessEnv): boolean =>
  disabled === "1" || disabled === "true" || wanted === "off" || wanted === "0";

const tellAbsent = (): void => {
  if (isSwitchedOff(process.env)) return;
  tellOnce(
    "leeway: shadow() does nothing here: the preload is not loaded; start the app with node --require leeway/instrumentation",
  );
};

/**
 * Has functions of yours take part in the shadow of `migration`: `run` asks the candidate (another provider, another prompt, an
 * agent loop) instead of the preload, `embed` says how alike two texts are. Both may be given at once or by two calls; of two for the
 * same purpose the later one counts, and a line on stderr says so. Returns a function that takes them back.
 *
 * Never throws. Without effect, which a line says once, where the preload is not loaded; without any where `LEEWAY_DISABLED` or
 * `LEEWAY_SHADOW=off` say that this is wanted.
 */
export const shadow = (migration: string, functions: ShadowFunctions): (() => void) => register(migration, functions);

const register = shield((migration: string, functions: ShadowFunctions): (() => void) => {
  const problem = problemOf(migration, functions);
  if (problem !== null) {
    tellOnce(`leeway: shadow() does nothing: ${problem}`);
    return nothing;
  }
  const preload = sharedShadow();
  if (preload === null) tellAbsent();
  return preload?.register(migration, functions) ?? nothing;
}, nothing);
