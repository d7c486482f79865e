import type { Identity } from "../../core/identity.ts";
import type { Command, LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { NewsPlace, NoticeDue } from "../news.ts";
import type { MigrationState } from "../state.ts";
import type { TakeUp } from "../take-up.ts";

/** A person's command: what, why, who. */
export interface CommandRequest {
  readonly command: Command;
  readonly reason: string;
  readonly by: string;
  /** How it is known that it is them. Left out: `claimed`. */
  readonly identity?: Identity;
  /** Index of the stage an advance is meant for. Left out: the one the migration is at when the request arrives. */
  readonly stage?: number;
  /** What the sender calls this request; the same one, sent again, is carried out once. */
  readonly key?: string;
  /** What the changed document on disk would mean; the agent puts it in. Left out = there is none. */
  readonly revision?: TakeUp;
}

/** How a command ended. */
export type CommandResult =
  /**
   * It counts. `problem`: it is on no record yet, or what it calls for did not work yet and is tried again every tick;
   * empty = it is on record, and all done.
   */
  | { readonly outcome: "done"; readonly problem: string }
  | { readonly outcome: "unknown"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

/** A command as the ledger has it. */
export type CommandEntry = LedgerEntry & {
  readonly event: Extract<LedgerEntry["event"], { readonly type: "command" }>;
};

/** One command, whole: what it is called, when it makes sense, what it does and what people are told of it. */
export interface CommandType {
  /** What it does, for the help of the command line. */
  readonly help: string;
  /** What was done, for the person who asked. */
  readonly done: string;
  /** What stands for the reason where none is given; null = a reason has to be given. */
  readonly defaultReason: string | null;
  /** What stands in the ledger for it, where that is not its name. */
  readonly recordedAs?: { readonly command: Command; readonly abandons: true };
  /** True when it is given for the stage at hand, and means nothing at another. */
  readonly isForStage: boolean;
  /** True when it waits for nothing, not for a round that waits for the store: harm does not wait. */
  readonly isUrgent: boolean;
  /** True when the flag may have to move: then the answer says whether it did. */
  readonly movesFlag: boolean;
  /** Why it makes no sense now, in words for the person; null when it can be carried out. The migration has started. */
  readonly refuse: (migration: Migration, state: MigrationState, request: CommandRequest) => string | null;
  /**
   * What names it within one life of the migration: the same state and the same command give the same name, so that two
   * agents that are asked at once write one fact down.
   */
  readonly key: (state: Pick<MigrationState, "since" | "stage">, entries: readonly LedgerEntry[]) => string;
  readonly apply: (state: MigrationState, migration: Migration, entry: CommandEntry) => MigrationState;
  /** What people have to be told. */
  readonly news: (entry: CommandEntry, place: NewsPlace) => NoticeDue | null;
}

/** Why most commands make no sense after a rollback. */
export const whileRolledBack = ({ rollback, abandoned }: MigrationState): string | null =>
  abandoned !== null
    ? `${abandoned.by} abandoned it; nothing moves any more, and a new attempt is a migration of another name`
    : rollback === null
      ? null
      : "it is rolled back; nothing moves until it is re-armed";

/** For commands whose effect people hear of otherwise, or that only the person who gave them has to know of. */
export const noNews = (): null => null;
