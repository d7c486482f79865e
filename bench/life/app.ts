import { createHash } from "node:crypto";
import type { BuiltinTarget } from "../../alerts/flags/builtin.ts";
import { type ConversationLog, createConversationArms } from "../../alerts/flags/conversation-arms.ts";
import { handleOfrep } from "../../alerts/flags/ofrep.ts";
import type { Arm } from "../../core/cohort.ts";

/** One turn of somebody who talks to the app. */
export interface Turn {
  readonly user: string;
  readonly conversation: string;
  readonly tier: string;
  readonly type: string;
}

/** What the flag says of a turn. */
export interface Answered {
  readonly arm: Arm;
  /** The arm the conversation had until this turn, where it was moved; else empty. */
  readonly handoff: Arm | "";
}

/** Asks the flag for a turn, as an app does through OpenFeature. */
export type AskFlag = (turn: Turn) => Answered;

/** Conversations that are remembered as long as the simulation runs. */
const NO_LOG: ConversationLog = {
  load: () => ({ old: [], young: [], since: null }),
  add: () => undefined,
  rotate: () => undefined,
  problem: () => "",
  close: async () => undefined,
};

/** What keeps the arm of a conversation, as the agent does. */
export const conversationArms = (now: () => number): ReturnType<typeof createConversationArms> =>
  createConversationArms({ now, log: NO_LOG });

/** Hash of a user, as spans carry it: no id is in them. */
export const userHash = (user: string): string => createHash("sha256").update(user).digest("hex").slice(0, 16);

type Body = { readonly variant?: Arm; readonly metadata?: { readonly handoff?: Arm } } | null;

/** Asks `flag` of the builtin target over what OFREP carries, less the HTTP. */
export const askBuiltin =
  (target: BuiltinTarget, flag: string): AskFlag =>
  ({ user, conversation, tier }) => {
    const body = { context: { targetingKey: user, conversationId: conversation, tier } };
    const answer = handleOfrep({ key: flag, body, ifNoneMatch: null }, target.served()).body as Body;
    if (answer?.variant === undefined) throw new Error(`flag ${flag}: ${JSON.stringify(answer)}`);
    return { arm: answer.variant, handoff: answer.metadata?.handoff ?? "" };
  };
