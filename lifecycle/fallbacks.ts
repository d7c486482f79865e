import { isSameRoute, type Route } from "../core/migration.ts";
import { applyToRollback } from "./moves.ts";
import type { MigrationState, OpenRollback, UsedFallback } from "./state.ts";

const withUsed = (used: readonly UsedFallback[], next: UsedFallback): readonly UsedFallback[] =>
  used.some((each) => isSameRoute(each, next))
    ? used.map((each) => (isSameRoute(each, next) ? { ...each, isDown: each.isDown || next.isDown } : each))
    : [...used, next];

/**
 * A fallback is about to be switched off. What it served then has to come back with the re-arming; of several tries the
 * first that knew it counts, since later ones may see what the first one did.
 */
export const fallbackTried = (
  state: MigrationState,
  { target, flag }: Route,
  before: number | null,
): MigrationState => {
  if (state.rollback === null) return state;
  const { fallbacks } = state.rollback;
  const owed = state.unrestored.find((each) => isSameRoute(each, { target, flag }));
  const others = state.unrestored.filter((each) => each !== owed);
  return {
    ...applyToRollback(state, { fallbacks: withUsed(fallbacks, { target, flag, isDown: false }) }),
    unrestored: [...others, { target, flag, before: owed?.before ?? before }],
  };
};

/** A fallback was read to serve no canary. */
export const fallbackDown = (state: MigrationState, { target, flag }: Route): MigrationState =>
  state.rollback === null
    ? state
    : applyToRollback(state, { fallbacks: withUsed(state.rollback.fallbacks, { target, flag, isDown: true }) });

/** A fallback was read to serve something again, outside a rollback: it was restored, or is somebody else's now. */
export const fallbackRestored = (state: MigrationState, fallback: Route): MigrationState =>
  state.rollback === null
    ? { ...state, unrestored: state.unrestored.filter((each) => !isSameRoute(each, fallback)) }
    : state;

/** True where a fallback does what it is for, as far as is known: it is down, and the spans do not say otherwise. */
const helps = ({ isDown }: UsedFallback, { drain }: OpenRollback): boolean => isDown && drain !== "overdue";

/**
 * The fallbacks of `chain` that have to be off by now: those that were tried are kept so, and while the route's own flag is
 * not, or is and the spans say otherwise when the drain is overdue, each next one is due `deadlineMs` after the one before, unless one of those helps. `now` is epoch ms. Pure.
 */
export const fallbacksDue = (
  chain: readonly Route[],
  rollback: OpenRollback,
  now: number,
  deadlineMs: number,
): readonly Route[] => {
  const usedOf = (route: Route): UsedFallback | undefined =>
    rollback.fallbacks.find((each) => isSameRoute(each, route));
  return chain.filter((route, i) => {
    if (usedOf(route) !== undefined) return true;
    const isHelped = chain.slice(0, i).some((earlier) => {
      const used = usedOf(earlier);
      return used !== undefined && helps(used, rollback);
    });
    const follows = rollback.isConfirmed && rollback.drain !== "overdue";
    return !follows && !isHelped && now - rollback.decidedAt >= deadlineMs * (i + 1);
  });
};
