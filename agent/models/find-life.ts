import { priceNames } from "../prices/price-names.ts";
import { BUILT_IN_LIVES } from "./built-in-lives.ts";
import type { LifeTable, ModelLife } from "./model-life.ts";

/** A model's life, and where it was found. */
export interface FoundLife extends ModelLife {
  /** The name it has in the table. */
  readonly name: string;
  /** As people are told of it. */
  readonly table: string;
}

/** When a model ends, by its name and, where known, its provider's (`""` or null = unknown); null where no table knows. */
export type FindLife = (model: string, provider?: string | null) => FoundLife | null;

/** Those who sell other people's models and end them on days of their own. */
const HOST = /azure|bedrock|vertex|(?:^|[/.])aws(?:[/.]|$)/;

const isHosted = (name: string): boolean =>
  HOST.test(name) || /^(?:projects\/|publishers\/|arn:)/.test(name) || /^(?:[a-z]+\.)?anthropic\./.test(name);

/** What makes another model's name of it: builds of one model end on days of their own. */
const isOtherBuild = (because: readonly string[]): boolean =>
  because.some((each) => /date of its build|number of its build|-latest/.test(each));

const findIn = (table: LifeTable, model: string): { readonly name: string; readonly life: ModelLife } | null => {
  for (const { name, because } of priceNames(model)) {
    if (isOtherBuild(because)) break;
    const life = table.get(name);
    if (life !== undefined) return { name, life };
  }
  return null;
};

/** Looks in a table of one's own first, whatever the provider, then in the built-in one, which is of the vendors' own APIs. */
export const findLifeIn =
  (own: { readonly table: LifeTable; readonly name: string } | null): FindLife =>
  (model, provider) => {
    const mine = own === null ? null : findIn(own.table, model);
    if (own !== null && mine !== null) return { ...mine.life, name: mine.name, table: own.name };
    if (isHosted(model.toLowerCase()) || isHosted((provider ?? "").toLowerCase())) return null;
    const found = findIn(BUILT_IN_LIVES, model);
    return found === null ? null : { ...found.life, name: found.name, table: "the built-in table" };
  };

/** By the built-in table alone. */
export const findBuiltInLife: FindLife = findLifeIn(null);
