import type { UntakenReason, UntakenSpans } from "../core/collector-stats.ts";
import type { Log } from "../core/log.ts";
import { printableLine } from "../core/printable.ts";
import { shortText } from "../core/short-text.ts";
import { untakenText } from "../core/untaken-text.ts";

/** Keeps in mind which spans look as if they were about a model and are not taken for calls. */
export interface UntakenRegister {
  readonly note: (span: Omit<UntakenSpans, "spans">) => void;
  /** What may be a call first, most first. */
  readonly list: () => readonly UntakenSpans[];
}

/** Scopes and names are the sender's text, and may be another one each time. */
const MAX_CHARS = 80;
const MAX_NAMES = 10;
const MAX_KINDS = 200;

/** A line for each scope, and no more than this many: scopes can be made up. */
const MAX_LINES = 20;

const shown = (text: string): string => shortText(printableLine(text.slice(0, MAX_CHARS + 1)), MAX_CHARS);

const keyOf = (parts: readonly string[]): string => JSON.stringify(parts);

/** A new name has to share one entry with others when its scope has many, or all have. */
const createKinds = () => {
  const kinds = new Map<string, { readonly span: Omit<UntakenSpans, "spans">; count: number }>();
  const names = new Map<string, number>();
  const add = (span: Omit<UntakenSpans, "spans">): void => {
    const key = keyOf([span.scope, span.reason, span.word, span.name]);
    const kind = kinds.get(key) ?? { span, count: 0 };
    kind.count += 1;
    kinds.set(key, kind);
  };
  const roomFor = (span: Omit<UntakenSpans, "spans">): Omit<UntakenSpans, "spans"> => {
    if (kinds.has(keyOf([span.scope, span.reason, span.word, span.name]))) return span;
    if (kinds.size >= MAX_KINDS) return { ...span, scope: "other scopes", name: "", word: "" };
    const ofScope = names.get(span.scope) ?? 0;
    if (ofScope >= MAX_NAMES) return { ...span, name: "", word: "" };
    names.set(span.scope, ofScope + 1);
    return span;
  };
  return { add: (span: Omit<UntakenSpans, "spans">) => add(roomFor(span)), values: () => kinds.values() };
};

const isExpected = (reason: UntakenReason): boolean => reason === "contains-calls";

/**
 * Creates it; at most a few hundred kinds are told apart, ten of a scope, each text of at most 80 characters. The log tells
 * once of each scope whose spans may be calls that are not understood.
 */
export const createUntakenRegister = (log: Log): UntakenRegister => {
  const kinds = createKinds();
  const told = new Set<string>();
  const tell = (span: UntakenSpans): void => {
    if (isExpected(span.reason) || told.has(span.scope) || told.size >= MAX_LINES) return;
    told.add(span.scope);
    log.warn(`collector: spans about a model are not taken for calls: ${untakenText(span)}`);
  };
  return {
    note({ scope, name, word, reason }) {
      const span = { scope: shown(scope), name: shown(name), word: shown(word), reason };
      kinds.add(span);
      tell({ ...span, spans: 1 });
    },
    list: () =>
      [...kinds.values()]
        .map(({ span, count }) => ({ ...span, spans: count }))
        .sort((a, b) => Number(isExpected(a.reason)) - Number(isExpected(b.reason)) || b.spans - a.spans),
  };
};
