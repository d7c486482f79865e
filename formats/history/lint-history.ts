import { HISTORY_RULES, type HistoryRule, type LeftoverKind, TARGET_RULES } from "./history-rules.ts";
import { type ModelFamily, modelFamily } from "./model-family.ts";
import { type Place, type Unread, walkHistory } from "./walk-history.ts";

/** Something in a history that the next model cannot use. */
export interface HistoryLeftover {
  /** Where it stands, from what was given: `[2].content[0].type`. */
  readonly path: string;
  readonly kind: LeftoverKind;
  /** What it is, in words; never a part of the content. */
  readonly problem: string;
  /** What to do about it. */
  readonly do: string;
}

/** Whose history it is and who is to go on with it: names of models or of providers. */
export interface HistoryModels {
  readonly from?: string;
  readonly to?: string;
}

/** More than anybody reads. */
const MAX_FOUND = 1000;

const WHY: Readonly<Record<Unread, string>> = {
  "too deep": "nested too deep to be looked at",
  "too much": "more members than are looked at; what follows was not",
  unreadable: "reading it threw an error",
};

const isFor = ({ family, isOfOneModel = false }: HistoryRule, to: ModelFamily | null, isSameModel: boolean): boolean =>
  family === "any" ? !isSameModel : family !== to || (isOfOneModel && !isSameModel);

const rulesFor = ({ from, to }: HistoryModels): readonly Omit<HistoryRule, "family">[] => {
  const family = modelFamily(to);
  const isSameModel = from !== undefined && from === to;
  const foreign = HISTORY_RULES.filter((rule) => isFor(rule, family, isSameModel));
  return [...foreign, ...(family === null ? [] : (TARGET_RULES[family] ?? []))];
};

/** What is true of one member; of several rules of one kind the first. */
const leftoversAt = (place: Place, rules: readonly Omit<HistoryRule, "family">[]): readonly HistoryLeftover[] => {
  const found = new Map<LeftoverKind, HistoryLeftover>();
  for (const { kind, matches, problem, do: advice } of rules) {
    if (!found.has(kind) && matches(place)) found.set(kind, { path: place.path, kind, problem, do: advice });
  }
  return [...found.values()];
};

/**
 * What in `messages` (a list of messages, or the whole body of a request, in the form of any provider or of the AI SDK) the model
 * `to` cannot use because `from` left it there: reasoning, ids, cache markers, tools and files that live at a provider. Ask before a
 * conversation's history goes to another model. An unknown `to` is taken to understand nothing that is a provider's own.
 *
 * At most 1000 leftovers, in the order of the history. What tools were asked and answered is not looked into. Pure; never throws: a
 * part that cannot be read is a leftover of the kind `unread`.
 */
export const lintHistory = (messages: unknown, models: HistoryModels = {}): readonly HistoryLeftover[] => {
  const rules = rulesFor(models ?? {});
  const found: HistoryLeftover[] = [];
  walkHistory(
    messages,
    (place) => {
      if (found.length < MAX_FOUND) found.push(...leftoversAt(place, rules));
    },
    (path, why) => {
      const advice = "send plain messages: objects, lists and text";
      found.push({ path, kind: "unread", problem: WHY[why], do: advice });
    },
  );
  return found;
};
