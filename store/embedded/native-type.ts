/** A ClickHouse type taken apart: `Array(Nullable(String))` is Array of Nullable of String. */
export interface NativeType {
  readonly name: string;
  /** Arguments that are types, for the types that wrap others. */
  readonly inner: readonly NativeType[];
  /** All arguments as written. */
  readonly args: readonly string[];
}

const WRAPPERS: readonly string[] = [
  "Array",
  "Nullable",
  "Tuple",
  "Map",
  "LowCardinality",
  "Nested",
  "SimpleAggregateFunction",
];

const splitArgs = (text: string): readonly string[] => {
  const args: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quoted && character === "\\") i += 1;
    else if (character === "'") quoted = !quoted;
    else if (!quoted && character === "(") depth += 1;
    else if (!quoted && character === ")") depth -= 1;
    else if (!quoted && depth === 0 && character === ",") {
      args.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...args, text.slice(start).trim()];
};

const ELEMENT = /^(?:`(?:[^`\\]|\\.|``)*`|[A-Za-z_]\w*)\s+(.+)$/s;

/** Elements of a Tuple may have names: `a UInt8`. */
const withoutName = (element: string): string => ELEMENT.exec(element)?.[1] ?? element;

/** Parses a type name as the engine writes it. */
export const parseNativeType = (text: string): NativeType => {
  const open = text.indexOf("(");
  if (open < 0) return { name: text, inner: [], args: [] };
  const name = text.slice(0, open);
  const args = splitArgs(text.slice(open + 1, -1));
  const types = name === "SimpleAggregateFunction" ? args.slice(1) : args;
  const inner = WRAPPERS.includes(name) ? types.map((type) => parseNativeType(withoutName(type))) : [];
  return { name, inner, args };
};
