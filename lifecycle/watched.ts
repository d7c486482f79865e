import type { MigrationState } from "./state.ts";

type Told = Pick<MigrationState, "pagedFor" | "rollback" | "isPaused">;

const OVER = ":over";

/** A trouble that comes and goes, at its newest: `topic` is what people are paged under, or will be. */
export interface WatchedTopic {
  readonly topic: string;
  /** True while people were paged for it and not told that it is over. */
  readonly isOpen: boolean;
  /** Which time it is that people are paged for this trouble, from 1. */
  readonly turn: number;
}

/**
 * Where the trouble `key` stands. Its turns are counted, so that every agent that reads the ledger calls the next page by the
 * same name.
 */
export const watchedTopic = ({ pagedFor }: Told, key: string): WatchedTopic => {
  const ended = pagedFor.filter((topic) => topic.startsWith(`${key}:`) && topic.endsWith(OVER)).length;
  const turn = ended + 1;
  const topic = `${key}:${turn}`;
  return { topic, isOpen: pagedFor.includes(topic), turn };
};

/** The topic under which people are told that `topic` is over. */
export const overTopic = (topic: string): string => `${topic}${OVER}`;

/** True where all that people were paged for is over, and nothing else holds the incident open; `topic` counts as over. */
export const areSettled = ({ pagedFor, rollback, isPaused }: Told, topic = ""): boolean => {
  const isSettled = (each: string): boolean =>
    each === topic || each.endsWith(OVER) || pagedFor.includes(overTopic(each));
  return rollback === null && !isPaused && pagedFor.every(isSettled);
};

/** What ends with `topic`: it alone, or all that people are called for. */
export const endsWith = (state: Told, topic: string): "this" | "all" => (areSettled(state, topic) ? "all" : "this");
