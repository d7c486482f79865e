import type { Features, Labels } from "../core/features.ts";
import type { Answer, AskedFor, ToolCall } from "./answer.ts";
import { isRecord } from "./is-record.ts";
import { digest } from "./json/digest.ts";
import { matchesSchema } from "./json/matches-schema.ts";
import { parseJson } from "./json/parse-json.ts";

/** The family `tools` of one answer. */
export interface ToolUse {
  /** Every call names an offered tool, and its arguments parse and match; null without calls. */
  readonly valid: boolean | null;
  readonly features: Features;
  readonly labels: Labels;
}

/** Calls looked at; a model that makes more of them repeats itself. */
const MAX_CALLS = 32;

interface Checked {
  readonly known: boolean;
  readonly parses: boolean;
  /** Null without a schema, or where it cannot be said. */
  readonly matches: boolean | null;
}

/** Empty arguments stand for `{}`: models send them for tools without parameters. */
const check = (call: ToolCall, asked: AskedFor): Checked => {
  const parsed = parseJson(call.arguments.trim() === "" ? "{}" : call.arguments);
  const schema = asked.toolSchemas?.get(call.name);
  return {
    known: asked.tools.includes(call.name),
    parses: parsed !== null,
    matches: parsed === null || schema == null ? null : matchesSchema(schema, parsed.value),
  };
};

/** False as soon as one is; null when none is known. */
const together = (all: readonly (boolean | null)[]): boolean | null => {
  if (all.includes(false)) return false;
  return all.includes(true) ? true : null;
};

const offeredFeatures = (calls: number, { tools, toolRequired }: AskedFor): Features =>
  tools.length === 0 && calls === 0
    ? {}
    : {
        tool_calls: calls,
        tool_called: Number(calls > 0),
        ...(toolRequired ? { tool_call_missing: Number(calls === 0) } : {}),
      };

/** Names and parameters, not descriptions and types: cheap on every call, and a new tool or parameter shows. */
const signatureOf = (name: string, schema: unknown): string => {
  const properties = isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : [];
  return `${name}(${properties.join()})`;
};

const toolLabels = ({ toolCalls }: Answer, { tools, toolSchemas }: AskedFor): Labels => ({
  ...(tools.length === 0
    ? {}
    : { tools_offered: digest(tools.map((name) => signatureOf(name, toolSchemas?.get(name))).join(";")) }),
  ...(toolCalls.length === 0
    ? {}
    : { tool_chosen: digest([...new Set(toolCalls.slice(0, MAX_CALLS).map(({ name }) => name))].sort().join(";")) }),
});

/** What can be said of the tool calls of an answer; empty for requests that offered no tool. */
export const toolUse = (answer: Answer, asked: AskedFor): ToolUse => {
  const { toolCalls } = answer;
  const offered = offeredFeatures(toolCalls.length, asked);
  const labels = toolLabels(answer, asked);
  if (toolCalls.length === 0) return { valid: null, features: offered, labels };
  const checked = toolCalls.slice(0, MAX_CALLS).map((call) => check(call, asked));
  const matches = together(checked.map((call) => call.matches));
  const [known, parses] = [checked.every((call) => call.known), checked.every((call) => call.parses)];
  return {
    valid: known && parses && matches !== false,
    features: {
      ...offered,
      ...{ tool_names_known: Number(known), tool_arguments_parse: Number(parses) },
      ...(matches === null ? {} : { tool_arguments_match: Number(matches) }),
    },
    labels,
  };
};
