import { type Arm, isCohort } from "../core/cohort.ts";
import { currentCallContext } from "./call-context.ts";
import { noteFlag, sendFlagEvent } from "./record-flag.ts";
import { shield } from "./shield.ts";

/** What an OpenFeature hook is told about an evaluation; the part that is used here. */
export interface FlagHookContext {
  readonly flagKey: string;
  readonly context?: { readonly targetingKey?: string; readonly conversationId?: unknown };
}

/** What an evaluation gave; the part that is used here. */
export interface FlagHookDetails {
  readonly variant?: string;
  /** The builtin flag says in `handoff` which arm it moved the conversation from. */
  readonly flagMetadata?: Readonly<Record<string, unknown>>;
}

/** An OpenFeature server SDK hook, in structure: the SDK is not a dependency. */
export interface FlagHook {
  /** What it returns is added to the context of the evaluation. */
  readonly before: (hookContext: FlagHookContext) => { readonly conversationId: string } | undefined;
  readonly after: (hookContext: FlagHookContext, details: FlagHookDetails) => void;
  readonly error: (hookContext: FlagHookContext) => void;
}

/** Settings of `leewayFlagHook`. */
export interface FlagHookSettings {
  /** Flags to record; default all. Name the routing flag when others have variants called `canary` or `baseline`. */
  readonly flags?: readonly string[];
  /**
   * Send the standard `feature_flag.evaluation` event of each evaluation of the flags named in `flags`, or, where none
   * are named, of each that served a cohort; default true. Without it the calls carry the flag all the same.
   */
  readonly events?: boolean;
  /**
   * Tell the flag system the id that `withConversation` gave, as `conversationId` of the evaluation context, where the app does
   * not; default false. The builtin flag keeps the conversation's arm by it. Others store what they are told.
   */
  readonly sendConversation?: boolean;
}

const handoffOf = ({ flagMetadata }: FlagHookDetails): Arm | undefined =>
  flagMetadata?.handoff === "canary" ? "canary" : undefined;

/**
 * An OpenFeature hook that ties flag evaluations to the calls made after them in the same scope: the request that is
 * being handled, or the innermost `withConversation`, `withSegment`, … Register it once:
 * `OpenFeature.addHooks(leewayFlagHook())`. Calls then carry flag key, variant and a hash of the targeting key, and
 * the cohort when the variant is called `baseline`, `canary` or `shadow`.
 *
 * An evaluation outside any scope cannot be tied to a call; the agent then goes by the call's model. A failed
 * evaluation withdraws what was recorded of that flag, because the app goes on with its default.
 */
export const leewayFlagHook = ({ flags, events = true, sendConversation = false }: FlagHookSettings = {}): FlagHook => {
  const wanted = flags && new Set(flags);
  const isWanted = (key: string): boolean => wanted === undefined || wanted.has(key);
  return {
    before: shield(({ flagKey, context }) => {
      if (!sendConversation || !isWanted(flagKey) || context?.conversationId !== undefined) return undefined;
      const { conversation } = currentCallContext();
      return conversation === null ? undefined : { conversationId: conversation };
    }, undefined),
    after: shield(({ flagKey, context }, details) => {
      if (!isWanted(flagKey)) return;
      const flag = { key: flagKey, variant: details.variant ?? "", targetingKey: context?.targetingKey };
      noteFlag({ ...flag, handoff: handoffOf(details) });
      if (events && (wanted !== undefined || isCohort(flag.variant))) sendFlagEvent(flag);
    }, undefined),
    error: shield(({ flagKey, context }) => {
      if (isWanted(flagKey)) noteFlag({ key: flagKey, variant: "", targetingKey: context?.targetingKey });
    }, undefined),
  };
};
