/**
 * The `leeway` entry: what an app tells about its calls. Everything is harmless, and without effect, while the preload
 * (`node --require leeway/instrumentation app.js`) is not loaded.
 */
export type { Arm, Cohort } from "../core/cohort.ts";
export type { ServedToolCall } from "../formats/ask-again/served-run.ts";
export type { LeftoverKind } from "../formats/history/history-rules.ts";
export { type HistoryLeftover, type HistoryModels, lintHistory } from "../formats/history/lint-history.ts";
export type { Message, Part, ToolDefinition } from "../formats/wire/content/message.ts";
export { type ContentField, type Redaction, setRedaction } from "./content/redaction.ts";
export { withCohort, withConversation, withPrompt, withSegment } from "./context.ts";
export {
  type FlagHook,
  type FlagHookContext,
  type FlagHookDetails,
  type FlagHookSettings,
  leewayFlagHook,
} from "./flag-hook.ts";
export { instrumentBedrock } from "./instrument-bedrock.ts";
export { type EvaluatedFlag, type PinnedTurn, type PinSettings, pinConversation } from "./pin-conversation.ts";
export { memoryPins, type Pin, type PinStore } from "./pin-store.ts";
export { type FlagRecord, recordFlag } from "./record-flag.ts";
export { type CallReference, currentCall, type Outcome, recordOutcome } from "./record-outcome.ts";
export type { Prompt } from "./scope.ts";
export { shadow } from "./shadow.ts";
export type { ShadowAnswer, ShadowCall, ShadowFunctions, ShadowToolCall } from "./shadow-functions.ts";
export { type LeewaySpanProcessor, leewaySpanProcessor } from "./span-processor.ts";
export { wrapFetch } from "./wrap-fetch.ts";
