import { daysUntil } from "../../core/days-until.ts";
import type { Migration } from "../../core/migration.ts";
import type { SeenModel } from "../../store/models-seen.ts";
import type { FindLife, FoundLife } from "./find-life.ts";

/** A model in use: by calls, by a document, or asked about. */
export interface ModelInUse {
  readonly model: string;
  /** Null = unknown. */
  readonly provider: string | null;
  /** Where it stands in documents: `support-bot: baseline`. */
  readonly documents: readonly string[];
  /** Calls of late; null where the spans were not read. */
  readonly calls: number | null;
  /** Null where no table knows it: its end is unknown, not far. */
  readonly life: FoundLife | null;
  /** Until it is retired; 0 or less = it is; null = unknown. */
  readonly daysLeft: number | null;
}

/** Of the name that was asked for, and those of the answers, the one that ends first; a name with a day before one without. */
const firstEnd = (names: readonly string[], provider: string | null, find: FindLife): FoundLife | null => {
  const found = names.flatMap((name) => find(name, provider) ?? []);
  const ends = found.filter(({ retires }) => retires !== null);
  return ends.toSorted((a, b) => Date.parse(a.retires ?? "") - Date.parse(b.retires ?? ""))[0] ?? found[0] ?? null;
};

const places = (migrations: readonly Migration[], model: string, provider: string | null): readonly string[] =>
  migrations.flatMap((migration) =>
    (["baseline", "candidate"] as const).flatMap((arm) => {
      const named = migration[arm];
      const isIt =
        named.model === model && (named.provider === null || provider === null || named.provider === provider);
      return isIt ? [`${migration.name}: ${arm}`] : [];
    }),
  );

const row = (
  { model, provider, names = [model] }: { model: string; provider: string | null; names?: readonly string[] },
  { migrations, find, now }: { migrations: readonly Migration[]; find: FindLife; now: number },
  calls: number | null,
): ModelInUse => {
  const life = firstEnd(names, provider, find);
  const daysLeft = life?.retires == null ? null : daysUntil(life.retires, now);
  return { model, provider, documents: places(migrations, model, provider), calls, life, daysLeft };
};

/** The end that comes first stands first, then what no table knows, then what has no end. */
const urgency = ({ daysLeft, life }: ModelInUse): number =>
  daysLeft ?? (life === null ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER);

/**
 * The models of calls (`seen`; null = the spans were not read) and of documents, the next to be retired first. `now` is epoch ms.
 * Pure.
 */
export const modelsInUse = (
  seen: readonly SeenModel[] | null,
  migrations: readonly Migration[],
  find: FindLife,
  now: number,
): readonly ModelInUse[] => {
  const context = { migrations, find, now };
  const called = (seen ?? []).map(({ model, provider, answeredAs, calls }) =>
    row({ model, provider: provider === "" ? null : provider, names: [model, ...answeredAs] }, context, calls),
  );
  const written = migrations.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const unseen = written.filter(
    ({ model, provider }, i) =>
      !called.some((each) => each.model === model && (provider === null || each.provider === provider)) &&
      written.findIndex((other) => other.model === model && other.provider === provider) === i,
  );
  const others = unseen.map(({ model, provider }) => row({ model, provider }, context, seen === null ? null : 0));
  return [...called, ...others].toSorted((a, b) => urgency(a) - urgency(b));
};

/** The same for names that somebody asks about. */
export const modelsNamed = (names: readonly string[], find: FindLife, now: number): readonly ModelInUse[] =>
  names.map((model) => row({ model, provider: null }, { migrations: [], find, now }, null));
