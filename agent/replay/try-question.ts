import type { JsonObject } from "../../formats/json/json-object.ts";
import { ask, type Reply } from "./ask.ts";
import type { ReplayParts, ReplayPlan } from "./replay-plan.ts";

/** A request that is about to be made. */
export interface Trial {
  /** Name of its answer. */
  readonly key: string;
  readonly body: JsonObject;
  /** The most it can cost, US dollars. */
  readonly highest: number;
}

/** What all tries of a run share. */
export interface TryContext {
  readonly plan: Pick<ReplayPlan, "asked" | "timeoutMs" | "patienceMs">;
  readonly parts: Pick<ReplayParts, "file" | "pace" | "spend" | "clock" | "breaking">;
  /** Aborted when nothing more is to be asked. */
  readonly stop: AbortSignal;
  /** Ends the run. */
  readonly end: (why: string) => void;
}

/** How often it is looked whether what is set aside has been spent, ms. */
const LOOK_MS = 50;

/**
 * Makes tries: each waits for its money and its turn, is on record before it goes out, and settles what it cost unless it is answered.
 * Null where it may not be made any more.
 */
export const createTries = ({ plan, parts, stop, end }: TryContext): ((trial: Trial) => Promise<Reply | null>) => {
  const { asked, timeoutMs, patienceMs } = plan;
  const { file, pace, spend, clock, breaking } = parts;
  let heardAt = clock.now();

  /** What others have set aside may come back: their answers are shorter than the longest. */
  const reserve = async (highest: number): Promise<boolean> => {
    while (!stop.aborted) {
      if (spend.reserve(highest)) return true;
      if (spend.isIdle()) {
        end("what --max-usd leaves does not hold the next question");
        return false;
      }
      await clock.sleep(LOOK_MS, stop);
    }
    return false;
  };

  return async ({ key, body, highest }) => {
    if (!(await reserve(highest))) return null;
    if (!(await pace.turn(stop))) {
      spend.settle(highest, 0);
      return null;
    }
    await file.asking(key);
    const askedAt = clock.now();
    const reply = await ask(asked, body, { timeoutMs, ending: breaking, now: clock.now });
    if (reply.outcome === "answered") {
      pace.answered();
      heardAt = clock.now();
    } else if (reply.outcome === "limited") {
      spend.settle(highest, 0);
      await file.refused(key);
      pace.refused(askedAt, reply.waitMs);
      if (clock.now() - heardAt > patienceMs) end(`nothing was answered for ${Math.round(patienceMs / 60_000)} min`);
    } else {
      // One that broke off may have been worked on, and be billed.
      spend.settle(highest, reply.is === "passing" ? null : 0);
    }
    return reply;
  };
};
