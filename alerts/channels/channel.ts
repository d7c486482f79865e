import { membersOf } from "../../core/exhaustive.ts";
import type { Delivery, Notice, NoticeType } from "../../core/notice.ts";

/** One try to deliver a notice. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** Which one it is, from 1; left out = the first. */
  readonly number?: number;
}

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
}

/** Notice types a channel may be asked for with `on:`. */
export type SelectableType = Exclude<NoticeType, "test">;

/** Every type `on:` may list, and its default. */
export const SELECTABLE_TYPES: readonly [SelectableType, ...SelectableType[]] = membersOf<SelectableType>({
  stage: true,
  pause: true,
  rollback: true,
  page: true,
  drift: true,
  drained: true,
});

/** What the channel accepts: what `on:` lists, and always `test`, which exists to prove that the channel works. */
export const acceptsFor = (on: readonly SelectableType[]): readonly NoticeType[] => [...on, "test"];
