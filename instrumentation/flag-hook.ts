import { createHash } from "node:crypto";
import { scopeStorage } from "./scope.ts";

/** What an OpenFeature hook is told about an evaluation; the part that is used here. */
export interface FlagHookContext {
  readonly flagKey: string;
  readonly context?: { readonly targetingKey?: string };
}

/** An OpenFeature server SDK hook, in structure: the SDK is not a dependency. */
export interface FlagHook {
  readonly after: (hookContext: FlagHookContext, details: { readonly variant?: string }) => void;
  readonly error: (hookContext: FlagHookContext) => void;
}

/** Settings of `leewayFlagHook`. */
export interface FlagHookSettings {
  /** Flags to record; default all. Name the routing flag when others have variants called `canary` or `baseline`. */
  readonly flags?: readonly string[];
}

const hashOf = (targetingKey: string | undefined): string =>
  targetingKey === undefined ? "" : createHash("sha256").update(targetingKey).digest("hex").slice(0, 16);

/**
 * An OpenFeature hook that ties flag evaluations to the calls made after them in the same scope: the request that is
 * being handled, or the innermost `withConversation`, `withSegment`, … Register it once:
 * `OpenFeature.addHooks(leewayFlagHook())`. Calls then carry flag key, variant and a hash of the targeting key, and
 * the cohort when the variant is called `baseline`, `canary` or `shadow`.
 *
 * An evaluation outside any scope cannot be tied to a call; the agent then goes by the call's model. A failed
 * evaluation withdraws what was recorded of that flag, because the app goes on with its default.
 */
export const leewayFlagHook = (settings: FlagHookSettings = {}): FlagHook => {
  const wanted = settings.flags && new Set(settings.flags);
  const flagsInScope = (key: string) => (wanted && !wanted.has(key) ? undefined : scopeStorage().getStore()?.flags);
  const record = (key: string, variant: string, targetingKey: string | undefined): void => {
    const flags = flagsInScope(key);
    // Taken out first: a Map keeps the place of a key it knows, and the latest evaluation has to come last.
    flags?.delete(key);
    flags?.set(key, { key, variant, targetingKeyHash: hashOf(targetingKey) });
  };
  return {
    after: ({ flagKey, context }, details) => record(flagKey, details.variant ?? "", context?.targetingKey),
    error: ({ flagKey, context }) => record(flagKey, "", context?.targetingKey),
  };
};
