import type { ArmHandoffs } from "../core/handoff.ts";

/**
 * The conversations that changed arms in the stage a migration stands at, and what that does to their first turns there.
 * `GET /api/v1/migrations/<name>/handoffs` answers with it.
 */
export interface HandoffsView {
  readonly schema: "leeway.handoffs/1";
  readonly migration: string;
  /** The calls that ended in [from, to) are counted, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Null where the calls could not be read. */
  readonly handoffs: {
    /** The newest calls of both arms that were looked at for conversations, and those that name one. */
    readonly calls: number;
    readonly named: number;
    /** Conversations among them that have calls of both arms, and none that says it was moved. */
    readonly unmarked: number;
    /** Empty where no call says that its conversation was moved. */
    readonly arms: readonly ArmHandoffs[];
  } | null;
  /** Why they could not, and what to do; empty where they could. */
  readonly problem: string;
}
