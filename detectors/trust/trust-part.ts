import type { Tick } from "../../core/sample.ts";

/** One reason not to trust the data of a migration, followed tick by tick. Pure but for what it remembers. */
export interface TrustPart {
  /** Takes a tick in; `isNewStage` in the first one of a stage. */
  readonly step: (tick: Tick, isNewStage: boolean) => void;
  /** What it doubts now, one line with its numbers; null for nothing. */
  readonly doubt: () => string | null;
  /** What of it stays the same while its numbers change: people are told again when this is another. */
  readonly about?: () => string;
}
