import type { ContentRow } from "../core/content-row.ts";
import { isRecord } from "../features/is-record.ts";

/** What was asked and answered in one call, as the API gives it: lists in the shape of the GenAI conventions. */
export interface ContentView
  extends Omit<ContentRow, "request" | "messages" | "system" | "tools" | "output" | "truncated"> {
  /** Parameters that are needed to ask again, by the name a request has for them. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly messages: readonly unknown[];
  readonly system: readonly unknown[];
  readonly tools: readonly unknown[];
  readonly output: readonly unknown[];
  /** Which of the four the app shortened: to ask again with these is to ask something else. */
  readonly truncated: readonly string[];
}

/** One side of a pair: its content, or why there is none. */
export type PairSideView =
  | ({ readonly state: "there" } & ContentView)
  /** None came: its app puts none on spans, or it was left out (see `contentLost`). */
  | { readonly state: "absent" }
  /** The call is longer ago than content is kept. */
  | { readonly state: "expired" };

/** The content of a pair. */
export interface PairContentView {
  readonly schema: "leeway.pair-content/1";
  readonly pair: string;
  readonly migration: string;
  readonly servedModel: string;
  readonly secondModel: string;
  readonly served: PairSideView;
  readonly second: PairSideView;
}

/** A page of calls with everything that is needed to ask them again. */
export interface ContentPage {
  readonly schema: "leeway.content/1";
  readonly migration: string;
  /** In the order in which they came in. */
  readonly calls: readonly ContentView[];
  /** What `after` has to be for the next page; null = there is none yet. */
  readonly next: string | null;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const listOf = (text: string): readonly unknown[] => {
  const value = text === "" ? null : parsed(text);
  return Array.isArray(value) ? value : [];
};

/** The view of a row. */
export const contentView = ({ request, messages, system, tools, output, ...call }: ContentRow): ContentView => {
  const asked = parsed(request);
  return {
    ...call,
    request: isRecord(asked) ? asked : {},
    ...{ messages: listOf(messages), system: listOf(system), tools: listOf(tools), output: listOf(output) },
  };
};
