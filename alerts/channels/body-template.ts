import type { Notice, NoticeSeverity } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { sectionText } from "../section-text.ts";
import { factsWithin } from "./facts-within.ts";
import { incidentKey } from "./incident-key.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

const LIMIT = { title: 150, text: 10_000, key: 255 } as const;
const FACTS = { label: 100, value: 1_000, bytes: 60_000 } as const;

const factsOf = ({ facts }: Notice): Notice["facts"] => factsWithin(facts, FACTS);

const descriptionOf = (notice: Notice): string =>
  [
    ...notice.sections.map((section) => clamp(oneLine(sectionText(section)), LIMIT.text)),
    ...factsOf(notice).map(([label, value]) => `${label}: ${value}`),
  ].join("\n");

/** What a placeholder stands for. Text of production is on lines of its own. */
const FIELDS: Readonly<Record<string, (notice: Notice) => string>> = {
  id: ({ id }) => oneLine(id),
  key: (notice) => incidentKey(notice, LIMIT.key),
  incident: ({ incident }) => oneLine(incident),
  migration: ({ migration }) => oneLine(migration),
  type: ({ type }) => type,
  phase: ({ phase }) => phase,
  severity: ({ severity }) => severity,
  at: ({ at }) => new Date(at).toISOString(),
  title: ({ title }) => clamp(oneLine(title), LIMIT.title),
  summary: ({ summary }) => clamp(oneLine(summary), LIMIT.text),
  description: descriptionOf,
  link: ({ link }) => webLink(link),
};

/** Stands alone, and for an object. */
const FACTS_ALONE = "{{facts}}";
const KNOWN = [...Object.keys(FIELDS), "facts (alone)"].join(", ");

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const SHAPE = /^\s*([a-z]+)\s*(?::\s*(.*?)\s*)?$/;
const SEVERITY: Readonly<Record<NoticeSeverity, true>> = { critical: true, warning: true, info: true };

const wordsOf = (option: string): ReadonlyMap<string, string> =>
  new Map(
    option.split(",").map((pair) => {
      const [name = "", word = ""] = pair.split("=");
      return [name.trim(), word.trim()];
    }),
  );

/** What is wrong with the inside of a placeholder; empty for nothing. */
const problemOf = (inside: string): string => {
  const [, name = "", option] = SHAPE.exec(inside) ?? [];
  if (!Object.hasOwn(FIELDS, name)) return `unknown placeholder; expected one of: ${KNOWN}`;
  if (option === undefined || /^[1-9]\d{0,4}$/.test(option)) return "";
  if (name !== "severity") return "expected a number of characters behind the colon, {{title:130}}";
  const words = wordsOf(option);
  const isWhole = Object.keys(SEVERITY).every((severity) => words.get(severity)) && words.size === 3;
  return isWhole ? "" : "expected a word for each: {{severity:critical=P1,warning=P3,info=P5}}";
};

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What is wrong with one text of a template; null for nothing. `{{` and `}}` have no other use. */
export const templateProblem = (text: string): string | null => {
  if (text === FACTS_ALONE) return null;
  for (const [, inside = ""] of text.matchAll(PLACEHOLDER)) {
    const problem = problemOf(inside);
    if (problem !== "") return problem;
  }
  return /\{\{|\}\}/.test(text.replace(PLACEHOLDER, "")) ? "a {{ or }} without its other half" : null;
};

const filled = (inside: string, notice: Notice): string => {
  const [, name = "", option] = SHAPE.exec(inside) ?? [];
  const text = FIELDS[name]?.(notice) ?? "";
  if (option === undefined) return text;
  return /^\d+$/.test(option) ? clamp(text, Number(option)) : (wordsOf(option).get(text) ?? text);
};

/** A text of a template with the notice's fields; `encode` is done to each of them. */
export const fillText = (text: string, notice: Notice, encode: (text: string) => string = (same) => same): string =>
  text.replace(PLACEHOLDER, (_, inside: string) => encode(filled(inside, notice)));

/**
 * A body of a template with the notice's fields. What is filled in stays inside the text it is filled into, whatever it
 * holds: it becomes JSON only afterwards.
 */
export const fillBody = (body: Json, notice: Notice): Json => {
  if (typeof body === "string")
    return body === FACTS_ALONE ? Object.fromEntries(factsOf(notice)) : fillText(body, notice);
  if (body === null || typeof body !== "object") return body;
  if (Array.isArray(body)) return body.map((each: Json) => fillBody(each, notice));
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fillBody(value, notice)]));
};

/** Every text of a body, keys among them, with where it is. */
export const textsOf = (
  body: Json,
  path: readonly (string | number)[] = [],
): readonly { readonly path: readonly (string | number)[]; readonly text: string; readonly isKey: boolean }[] => {
  if (typeof body === "string") return [{ path, text: body, isKey: false }];
  if (body === null || typeof body !== "object") return [];
  if (Array.isArray(body)) return body.flatMap((each: Json, i) => textsOf(each, [...path, i]));
  return Object.entries(body).flatMap(([key, value]) => [
    { path: [...path, key], text: key, isKey: true },
    ...textsOf(value, [...path, key]),
  ]);
};
