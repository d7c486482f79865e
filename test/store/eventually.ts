import { setTimeout as delay } from "node:timers/promises";

/** Polls `check` until it returns true; fails after a minute. Rejections count as "not yet". */
export const eventually = async (check: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while (!(await check().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("the condition did not come true within a minute");
    await delay(25);
  }
};
