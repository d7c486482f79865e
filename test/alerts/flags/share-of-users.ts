const USERS = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);

/** Share of two thousand users that `isCanary` is true for, 0-1. */
export const shareOfUsers = (isCanary: (user: string) => boolean): number =>
  USERS.filter(isCanary).length / USERS.length;
