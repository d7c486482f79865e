import { LEEWAY, OTEL } from "../core/attributes.ts";
import { type Arm, isCohort } from "../core/cohort.ts";
import { FLAG_EVENT } from "../core/outcome-attributes.ts";
import { activeParentSpan } from "./app-tracing.ts";
import { scopeStorage } from "./scope.ts";
import { sharedEvents } from "./shared-events.ts";
import { shortHash } from "./short-hash.ts";

/** One evaluation of a flag, as any flag SDK can tell it. */
export interface FlagRecord {
  readonly key: string;
  /** Name of the variant that was served; `baseline`, `canary` and `shadow` say the cohort. */
  readonly variant: string;
  /** What the flag was evaluated for (a user or session id). Only a hash of it is kept. */
  readonly targetingKey?: string | undefined;
  /** The arm its conversation had until now, where this evaluation moved it. */
  readonly handoff?: Arm | undefined;
}

const MAX_LENGTH = 256;

const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, MAX_LENGTH) : "");

const hashOf = (targetingKey: unknown): string => (typeof targetingKey === "string" ? shortHash(targetingKey) : "");

/** An error in here would make a flag SDK serve the app its default instead of what the flag says. */
const quietly = (work: () => void): void => {
  try {
    work();
  } catch {
    // The objects are the app's, and so are their getters.
  }
};

const armOf = (handoff: unknown): { readonly handoff?: Arm } =>
  handoff === "baseline" || handoff === "canary" ? { handoff } : {};

const note = ({ key, variant, targetingKey, handoff }: FlagRecord, hash = hashOf(targetingKey)): void => {
  const flags = scopeStorage().getStore()?.flags;
  const name = text(key);
  // Taken out first: a Map keeps the place of a key it knows, and the latest evaluation has to come last.
  flags?.delete(name);
  flags?.set(name, { key: name, variant: text(variant), targetingKeyHash: hash, ...armOf(handoff) });
};

const knownHash = (key: unknown): string => scopeStorage().getStore()?.flags.get(text(key))?.targetingKeyHash ?? "";

const send = ({ key, variant, targetingKey }: FlagRecord): void => {
  const span = activeParentSpan();
  const hash = hashOf(targetingKey);
  sharedEvents()?.flag({
    name: FLAG_EVENT,
    span: span === null ? null : { traceId: span.traceId, spanId: span.spanId },
    attributes: {
      [OTEL.flagKey]: text(key),
      [OTEL.flagVariant]: text(variant),
      ...(hash === "" ? {} : { [LEEWAY.targetingKeyHash]: hash }),
    },
  });
};

/** Keeps the evaluation for the calls made after it in the current scope. Never throws. */
export const noteFlag = (flag: FlagRecord): void => quietly(() => note(flag));

/** The same where something else than the flag says is used; whom it was evaluated for stays as it was noted. Never throws. */
export const amendFlag = (flag: FlagRecord): void => quietly(() => note(flag, knownHash(flag.key)));

/** Sends the standard `feature_flag.evaluation` event. Never throws. */
export const sendFlagEvent = (flag: FlagRecord): void => quietly(() => send(flag));

/**
 * Says which variant of a flag was served, for flag SDKs without OpenFeature: call it from the SDK's own event of an
 * evaluation, or right after asking for the variant. The calls made after it in the same scope carry flag, variant and
 * a hash of the targeting key, and belong to the cohort the variant names. A variant that is a cohort is also sent as
 * the standard `feature_flag.evaluation` event, unless `event` is false. Does nothing without the preload, never throws.
 */
export const recordFlag = (flag: FlagRecord, { event = true }: { readonly event?: boolean } = {}): void => {
  noteFlag(flag);
  quietly(() => {
    if (event && isCohort(flag.variant)) send(flag);
  });
};
