import type { MigrationState } from "./state.ts";

const STUCK = "stuck:";

/** What people are paged under when a stage whose time is up does not end: once a stage. */
export const stuckTopic = ({ stage, stageSince }: Pick<MigrationState, "stage" | "stageSince">): string =>
  `${STUCK}${stage}:${stageSince}`;

/** True for a page of that kind: the ramp waits, and nothing is amiss with what is served. */
export const isStuckTopic = (topic: string): boolean => topic.startsWith(STUCK);
