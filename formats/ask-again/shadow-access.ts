import { providerOf } from "../wire/provider-of.ts";
import type { WireFormat } from "../wire/wire-format.ts";
import { type KeyHeader, keyHeaderOf } from "./key-header.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the app's own environment lets a shadow do. The agent says where the candidate is asked; but a request goes to no host
 * that the app has not called itself or that its environment does not name, and no variable is sent but a provider's usual one or
 * one that its environment names: whoever speaks for the agent must not be able to ask for secrets or prompts.
 */
export interface ShadowAccess {
  /** LEEWAY_SHADOW_HOSTS: hosts (`api.example.com`, `127.0.0.1:11434`) beside the served call's own. */
  readonly hosts: ReadonlySet<string>;
  /** LEEWAY_SHADOW_KEYS: names of variables that may be sent as a key, beside the providers' usual ones. */
  readonly keys: ReadonlySet<string>;
}

const words = (text: string | undefined): ReadonlySet<string> =>
  new Set((text ?? "").split(",").flatMap((word) => word.trim() || []));

/** Reads it; null where LEEWAY_SHADOW=off: then nothing is shadowed, whatever an agent says. */
export const readShadowAccess = (env: Environment): ShadowAccess | null =>
  env.LEEWAY_SHADOW === "off" || env.LEEWAY_SHADOW === "0"
    ? null
    : { hosts: words(env.LEEWAY_SHADOW_HOSTS), keys: words(env.LEEWAY_SHADOW_KEYS) };

/** True where a second request to `second` tells nobody anything new. */
export const isHostAllowed = (second: URL, served: URL, { hosts }: ShadowAccess): boolean =>
  second.host === served.host || hosts.has(second.host);

/** True where the variable may be sent as a key that providers of this kind are shown. */
export const isKeyAllowed = (
  name: string,
  { variables }: Pick<KeyHeader, "variables">,
  { keys }: ShadowAccess,
): boolean => keys.has(name) || variables.includes(name);

const keyOf = (
  name: string | null,
  { variables }: KeyHeader,
  access: ShadowAccess,
  env: Environment,
): string | null => {
  if (name !== null) return isKeyAllowed(name, { variables }, access) ? (env[name] ?? null) : null;
  return variables.map((each) => env[each]).find((key) => key !== undefined && key !== "") ?? null;
};

/** The headers by which a host is shown the key that the environment has for it; null where it has none. */
export const keyHeaders = (
  url: URL,
  format: WireFormat,
  name: string | null,
  access: ShadowAccess,
  env: Environment,
): Readonly<Record<string, string>> | null => {
  const header = keyHeaderOf(providerOf(url), format.provider);
  const key = keyOf(name, header, access, env);
  if (key !== null && key !== "") return header.headers(key);
  return name === null && header.variables.length === 0 ? {} : null;
};
