import { printLine } from "./print-line.ts";

/**
 * An object that all copies of this code in one process share: the preload bundle, the `leeway` entry, and those of another
 * installed version. It lives on globalThis and carries a version, which goes up with every change of its shape or meaning:
 * a copy uses nothing of another version's. What the copies of one version tell each other is then not told, and a line says
 * so; neither the app nor the other version notices. Marks (`leeway.preload`, `leeway.fetch`, `leeway.told`) carry none: they
 * say that somebody was there, of whichever version, and that is what the next one has to know.
 */
export interface SharedObject<T extends object> {
  /** Offers `object` to the other copies. What there is of this version is replaced, of another one it stays. */
  readonly share: (object: T) => void;
  /** What was offered; null where nothing was, or by another version. */
  readonly find: () => T | null;
  /** True where another version offered something. */
  readonly isForeign: () => boolean;
}

const VERSION = Symbol.for("leeway.version");
const TOLD = Symbol.for("leeway.told-version");

/** What carries no version is of the one that wrote none. */
const versionOf = (object: { readonly [VERSION]?: number }): number => object[VERSION] ?? 1;

/** Said once in a process, by whichever copy comes upon it first. */
const tellMismatch = (): void => {
  const shared = globalThis as { [TOLD]?: true };
  if (shared[TOLD]) return;
  shared[TOLD] = true;
  printLine(
    "leeway: two versions of Leeway are loaded, which do not understand each other: what the app tells of its calls is not recorded; install one of them",
  );
};

/** The object called `name`, in this version of it. */
export const sharedObject = <T extends object>(name: string, version: number): SharedObject<T> => {
  const key = Symbol.for(`leeway.${name}`);
  const shared = globalThis as { [key]?: T & { readonly [VERSION]?: number } };
  const isOther = (object: T): boolean => {
    if (versionOf(object) === version) return false;
    tellMismatch();
    return true;
  };
  return {
    share: (object) => {
      const there = shared[key];
      if (there !== undefined && isOther(there)) return;
      Object.defineProperty(object, VERSION, { value: version, configurable: true });
      shared[key] = object;
    },
    find: () => {
      const there = shared[key];
      return there === undefined || isOther(there) ? null : there;
    },
    isForeign: () => shared[key] !== undefined && isOther(shared[key]),
  };
};

/** The same for what any copy may make: the first one makes it for all; where another version did, each has its own. */
export const sharedByAll = <T extends object>(name: string, version: number, make: () => T): (() => T) => {
  const { share, find } = sharedObject<T>(name, version);
  let own: T | null = null;
  return () => {
    const found = own ?? find();
    if (found !== null) return found;
    own = make();
    share(own);
    return own;
  };
};
