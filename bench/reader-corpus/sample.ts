import type { Entries } from "./attempts.ts";

/** What once did harm, or is of the kind that would: in every sample. */
const ALWAYS: readonly string[] = [
  "file",
  "url",
  "values",
  "s3",
  "remote",
  "executable",
  "merge",
  "Protobuf",
  "Template",
  "CapnProto",
  "output_format_schema",
  "format_schema",
  "processes",
  "aiGenerate",
  "dictGet",
  "sleep",
  "File",
];

/** About every `step`-th entry of each kind, the same ones each time, and what once did harm. */
export const sampleOf = (entries: Entries, step: number): Entries => {
  const some = (names: readonly string[]): readonly string[] =>
    names.filter((name, at) => at % step === 0 || ALWAYS.includes(name));
  return {
    "table function": some(entries["table function"]),
    function: some(entries.function),
    format: some(entries.format),
    setting: some(entries.setting),
    "system table": some(entries["system table"]),
    engine: some(entries.engine),
  };
};
