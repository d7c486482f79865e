import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";

/** `flag`, whose next write of `share` after `hold` waits on its way to the flag system until it is let go; `reached`: it is on its way. */
export const stopsAt = (
  flag: RoutedFlag,
  share: number,
): {
  readonly flag: RoutedFlag;
  readonly reached: Promise<void>;
  readonly hold: () => void;
  readonly letGo: () => void;
} => {
  const reached = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let isHeld = false;
  const setShare: RoutedFlag["setShare"] = async (to, ...more) => {
    if (isHeld && to === share) {
      isHeld = false;
      reached.resolve();
      await gone.promise;
    }
    return flag.setShare(to, ...more);
  };
  return {
    flag: { ...flag, setShare },
    reached: reached.promise,
    hold: () => {
      isHeld = true;
    },
    letGo: gone.resolve,
  };
};
