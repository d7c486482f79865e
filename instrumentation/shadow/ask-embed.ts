import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { insidePair, type PairMark } from "../pair-scope.ts";
import type { AppEmbed } from "./app-functions.ts";
import type { Breaker } from "./breaker.ts";
import { cosineOf, embeddedTexts } from "./likeness.ts";

/** Two texts, and whose they are. */
export interface EmbeddedPair extends PairMark {
  readonly plan: Pick<ShadowPlan, "timeoutMs">;
  readonly texts: readonly [served: string, other: string];
}

/** Why it is not known how alike two texts are: no model for it, too many before them, or it failed or is left alone for a while. */
export type NoLikeness = "absent" | "busy" | "failed";

/** Asks a function for the vectors of both texts; resolves with their cosine, or why there is none. Never rejects. */
export type AskEmbed = (pair: EmbeddedPair, embed: AppEmbed, breaker: Breaker) => Promise<number | NoLikeness>;

/** Functions under way at a time, those among them that nobody waits for any more; beyond it none is asked. */
const MAX_UNDER_WAY = 64;

/** Starts with nothing under way. */
export const createAskEmbed = ({ later }: { readonly later: (fn: () => void, ms: number) => () => void }): AskEmbed => {
  let underWay = 0;
  return async (pair, embed, breaker) => {
    if (underWay >= MAX_UNDER_WAY) return "busy";
    if (breaker.isOpen()) return "failed";
    underWay += 1;
    const { promise, resolve } = Promise.withResolvers<number | null>();
    const stop = later(() => resolve(null), pair.plan.timeoutMs);
    const asked = insidePair(pair, () => new Promise<unknown>((settle) => settle(embed(embeddedTexts(pair.texts)))));
    const over = (cosine: number | null): void => {
      underWay -= 1;
      stop();
      resolve(cosine);
    };
    asked.then((vectors) => over(cosineOf(vectors))).catch(() => over(null));
    const cosine = await promise;
    if (cosine === null) breaker.failed();
    else breaker.succeeded();
    return cosine ?? "failed";
  };
};
