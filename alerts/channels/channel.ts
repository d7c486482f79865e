import { membersOf } from "../../core/exhaustive.ts";
import type { DeliveredNotice, Delivery, Notice, NoticeType } from "../../core/notice.ts";

/** One try to deliver a notice. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** Which one it is, from 1; left out = the first. */
  readonly number?: number;
  /** What this channel delivered of the notice's incident before, by whichever agent, oldest first; left out = nothing. */
  readonly earlier?: readonly DeliveredNotice[];
}

/** What is known of a channel without a notice. The detail is one line without secrets and without text of the other side. */
export type ChannelProbe =
  /** Its service says that it would take a notice. */
  | { readonly outcome: "ready"; readonly detail: string }
  /** Only a notice would tell; the detail says what is known. */
  | { readonly outcome: "unknown"; readonly detail: string }
  /** It would not take one. The detail says what to do. */
  | { readonly outcome: "failed"; readonly detail: string };

/** One way to reach people. */
export interface Channel {
  /** Unique and stable: the ledger remembers deliveries under it. */
  readonly name: string;
  /** Names the ledger may know it under from earlier; what is undelivered under them is its own. Default: none. */
  readonly formerNames?: readonly string[];
  /** Notice types it carries. */
  readonly accepts: readonly NoticeType[];
  /**
   * One try to deliver. Ends when `signal` aborts, with `retry`. Never rejects: whatever the other side does is an
   * outcome. The detail is one line without secrets and without text of the other side.
   */
  readonly send: (notice: Notice, attempt: Attempt) => Promise<Delivery>;
  /**
   * Asks whether notices would be taken, by a call that disturbs nobody and writes nothing. Ends when `signal` aborts, never
   * rejects. Left out = nothing is known without a notice.
   */
  readonly probe?: (signal: AbortSignal) => Promise<ChannelProbe>;
  /** Left out = what was told stands until its end is told. */
  readonly keepAlive?: KeepAlive;
}

/** For receivers that take silence for the end: while an incident is open, it is told again. */
export interface KeepAlive {
  /** How long what was told stands safely, ms. */
  readonly everyMs: number;
  /**
   * Tells again what this channel delivered of one incident since it was opened, oldest first. Done by every agent, so that it
   * has to be the same told twice as told once; a failure is no notice that is lost. Never rejects.
   */
  readonly send: (notices: readonly Notice[], signal: AbortSignal) => Promise<Delivery>;
}

/** Notice types a channel may be asked for with `on:`. */
export type SelectableType = Exclude<NoticeType, "ack" | "test" | "drill">;

/** Every type `on:` may list, and its default. */
export const SELECTABLE_TYPES: readonly [SelectableType, ...SelectableType[]] = membersOf<SelectableType>({
  stage: true,
  pause: true,
  rollback: true,
  page: true,
  drift: true,
  drained: true,
});

/**
 * What the channel accepts: what `on:` lists; always `ack`, which only goes where its incident went; `drill` where it
 * carries rollbacks, which a drill stands for; and always `test`, which exists to prove that the channel works.
 */
export const acceptsFor = (on: readonly SelectableType[]): readonly NoticeType[] => [
  ...on,
  ...(on.includes("rollback") ? (["drill"] as const) : []),
  "ack",
  "test",
];
