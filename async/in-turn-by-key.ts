import { inTurn } from "./in-turn.ts";

/** As `inTurn`, for each key by itself: work of one key waits for that of no other. */
export const inTurnByKey = (): (<T>(key: string, work: () => Promise<T>) => Promise<T>) => {
  const turns = new Map<string, ReturnType<typeof inTurn>>();
  return (key, work) => {
    const turn = turns.get(key) ?? inTurn();
    turns.set(key, turn);
    return turn(work);
  };
};
