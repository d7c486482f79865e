import type { PairKind } from "../../core/pair-row.ts";
import type { ShadowFunctions } from "../shadow-functions.ts";
import type { BesideAskers } from "../shared-beside.ts";
import type { SharedShadow } from "../shared-shadow.ts";

/** A function that asks the candidate, and what it is handed. */
export interface AppRun {
  readonly run: NonNullable<ShadowFunctions["run"]>;
  readonly unit: "call" | "run";
}

/** A function that turns texts into vectors. */
export type AppEmbed = NonNullable<ShadowFunctions["embed"]>;

/** The functions that an app has given for its shadows. */
export interface AppFunctions extends SharedShadow {
  /** Null = none. */
  readonly runOf: (migration: string, kind: PairKind) => AppRun | null;
  /** Takes over who asks of either kind, for calls that are asked again beside the app. */
  readonly askBy: (migration: string, askers: BesideAskers) => void;
  readonly embedOf: (migration: string) => AppEmbed | null;
  /** Hears which migrations there are for this app; those it has functions for and that are none are told once. */
  readonly know: (migrations: readonly string[]) => void;
}

/** Names that a line lists. */
const MAX_NAMED = 5;

/** None yet. `say` prints a line. */
export const createAppFunctions = (say: (line: string) => void): AppFunctions => {
  const runs = new Map<string, AppRun>();
  const reruns = new Map<string, AppRun>();
  const embeds = new Map<string, AppEmbed>();
  const told = new Set<string>();

  const sayOnce = (of: string, line: string): void => {
    if (told.has(of)) return;
    told.add(of);
    say(line);
  };

  const put = <T>(into: Map<string, T>, migration: string, name: string, value: T): (() => void) => {
    if (into.has(migration))
      sayOnce(
        `${name} ${migration}`,
        `leeway: shadow("${migration}") was given \`${name}\` more than once: the latest one counts`,
      );
    into.set(migration, value);
    return () => {
      if (into.get(migration) === value) into.delete(migration);
    };
  };

  return {
    register: (migration, { run, unit = "call", embed }) => {
      const backs = [
        ...(run === undefined ? [] : [put(runs, migration, "run", { run, unit })]),
        // Wrapped: the same function may be given twice, and each is taken back by its own.
        ...(embed === undefined ? [] : [put<AppEmbed>(embeds, migration, "embed", (texts) => embed(texts))]),
      ];
      return () => {
        for (const back of backs) back();
      };
    },
    askBy: (migration, { candidate, rerun }) => {
      runs.set(migration, { run: candidate, unit: "call" });
      reruns.set(migration, { run: rerun, unit: "call" });
    },
    // What an app gives asks the candidate: the baseline it asks by itself.
    runOf: (migration, kind) => (kind === "candidate" ? runs : reruns).get(migration) ?? null,
    embedOf: (migration) => embeds.get(migration) ?? null,
    know: (migrations) => {
      for (const migration of new Set([...runs.keys(), ...embeds.keys()])) {
        if (migrations.includes(migration)) continue;
        const known = migrations.slice(0, MAX_NAMED).join(", ") || "none";
        sayOnce(
          `unknown ${migration}`,
          `leeway: shadow("${migration}") does nothing: the agent has no migration of that name for this app's service; it has: ${known}`,
        );
      }
    },
  };
};
