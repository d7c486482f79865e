import { builtin } from "../../alerts/flags/builtin.ts";
import type { Migration, Route } from "../../core/migration.ts";
import type { Problem } from "../config/problem.ts";
import type { Settings } from "../config/settings.ts";

/** A migration and the document that declares it, as people are shown its path. */
export interface Declared {
  readonly file: string;
  readonly migration: Migration;
}

/** The flags that a migration sets: the route's own, then its fallbacks. */
export const routesOf = ({ route }: Migration): readonly Route[] => [route, ...(route.fallback ?? [])];

/** The agent serves the flags of all its own targets at one address, so there a name is taken for all of them. */
const isSameFlag = (a: Route, b: Route, flags: Settings["flags"]): boolean =>
  a.flag === b.flag &&
  (a.target === b.target || (flags[a.target]?.type === builtin.type && flags[b.target]?.type === builtin.type));

/** Those of `others` that set a flag which `migration` sets as well. */
export const rivalsOf = <Other extends Declared>(
  migration: Migration,
  others: readonly Other[],
  flags: Settings["flags"],
): readonly Other[] =>
  others.filter((other) =>
    routesOf(other.migration).some((taken) => routesOf(migration).some((own) => isSameFlag(taken, own, flags))),
  );

/** A flag that two migrations set, be it as a fallback, would be brought down and restored for one of them by the other. */
export const flagProblems = (
  { file, migration }: Declared,
  others: readonly Declared[],
  flags: Settings["flags"],
): readonly Problem[] =>
  routesOf(migration).flatMap((route, at, own): readonly Problem[] => {
    const path = at === 0 ? "route.flag" : `route.fallback[${at - 1}]`;
    const takenBy = (all: readonly Route[]): boolean => all.some((each) => isSameFlag(each, route, flags));
    const taken = others.find((other) => takenBy(routesOf(other.migration)));
    if (taken !== undefined) {
      const text = `flag ${route.flag} already routes ${taken.migration.name} (${taken.file}); expected a flag of its own`;
      return [{ file, path, text }];
    }
    // Two entries of `flags:` may serve at one address.
    if (!takenBy(own.slice(0, at))) return [];
    return [
      { file, path, text: `flag ${route.flag} is served for another target of this route; expected another flag` },
    ];
  });

/** What is wrong with a second document of one name. */
export const twinProblem = (file: string, name: string, other: string): Problem => {
  const text = `${name} is also declared in ${other}; expected one document per migration`;
  return { file, path: "migration", text };
};
