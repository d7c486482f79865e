/** How one request's claim on its span keys ended. */
export interface Claim {
  /** Indexes of the keys that are new. */
  readonly fresh: ReadonlySet<number>;
  /** Resolves when the requests that are writing the other keys have ended; false when one of them failed. */
  readonly others: () => Promise<boolean>;
  /** Ends the claim: `true` keeps the fresh keys as seen, `false` forgets them. */
  readonly settle: (written: boolean) => void;
}

/** Remembers the keys of spans that were acknowledged, within bounds of count and time. */
export interface DuplicateFilter {
  /** Claims the keys of one request. A key that another request is still writing is neither fresh nor seen yet. */
  readonly claim: (keys: readonly string[]) => Claim;
  /** Takes keys in that are known to be stored. */
  readonly remember: (keys: Iterable<string>) => void;
}

/** Bounds of the filter: at most `maxKeys` keys, each kept at least `windowMs` unless the count forces it out. */
export interface DuplicateFilterSettings {
  readonly maxKeys: number;
  readonly windowMs: number;
}

/** 24 bytes instead of 48 characters in two joined pieces: half a million keys take 40 MB instead of 80. */
const compact = (key: string): string => Buffer.from(key, "hex").toString("latin1");

interface Memory {
  readonly has: (key: string) => boolean;
  readonly add: (key: string) => void;
}

/** Two generations: the older is dropped as a whole, so that forgetting costs nothing per key. */
const createMemory = ({ maxKeys, windowMs }: DuplicateFilterSettings, now: () => number): Memory => {
  let older = new Set<string>();
  let newer = new Set<string>();
  let since = now();
  const turn = () => {
    if (newer.size < maxKeys / 2 && now() - since < windowMs) return;
    older = newer;
    newer = new Set();
    since = now();
  };
  return {
    has: (key) => newer.has(key) || older.has(key),
    add(key) {
      turn();
      newer.add(key);
    },
  };
};

/** Creates an empty filter. `now` is epoch ms. */
export const createDuplicateFilter = (settings: DuplicateFilterSettings, now: () => number): DuplicateFilter => {
  const seen = createMemory(settings, now);
  const writing = new Map<string, Promise<boolean>>();

  const claim = (keys: readonly string[]): Claim => {
    const outcome = Promise.withResolvers<boolean>();
    const awaited = new Set<Promise<boolean>>();
    const mine: string[] = [];
    const fresh = new Set<number>();
    keys.map(compact).forEach((key, index) => {
      const writer = writing.get(key);
      if (seen.has(key) || writer === outcome.promise) return;
      if (writer !== undefined) {
        awaited.add(writer);
        return;
      }
      writing.set(key, outcome.promise);
      mine.push(key);
      fresh.add(index);
    });
    return {
      fresh,
      others: async () => (await Promise.all(awaited)).every(Boolean),
      settle(written) {
        for (const key of mine) {
          writing.delete(key);
          if (written) seen.add(key);
        }
        outcome.resolve(written);
      },
    };
  };

  return {
    claim,
    remember: (keys) => {
      for (const key of keys) seen.add(compact(key));
    },
  };
};
