import { posix } from "node:path";
import type { ModuleFacts, Token } from "./scan-module.ts";

/** What a switch ends in: core/exhaustive.ts says which is for what. */
const ENDS: readonly string[] = ["unreachable", "otherwise"];

const isCode = (token: Token | undefined, value: string): boolean => token?.kind === "code" && token.value === value;

const OPENS = ["(", "[", "{"];
const CLOSES = [")", "]", "}"];

const depthChange = ({ kind, value }: Token): number => {
  if (kind !== "code") return 0;
  return OPENS.includes(value) ? 1 : CLOSES.includes(value) ? -1 : 0;
};

/** Index behind the bracket that closes the one at `start`. */
const behind = (tokens: readonly Token[], start: number): number => {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    depth += depthChange(tokens[at] as Token);
    if (depth === 0) return at + 1;
  }
  return tokens.length;
};

/** Tokens right inside the braces at `start`, without what lies in brackets of their own. */
const topLevel = (tokens: readonly Token[], start: number): readonly number[] => {
  const found: number[] = [];
  const end = behind(tokens, start) - 1;
  for (let at = start + 1; at < end; ) {
    found.push(at);
    at = depthChange(tokens[at] as Token) === 1 ? behind(tokens, at) : at + 1;
  }
  return found;
};

/** True where `default:` is followed by one of the ends, returned or not, and by nothing else. */
const isClosed = (tokens: readonly Token[], start: number): boolean => {
  const inside = topLevel(tokens, start);
  const at = inside.findIndex((i) => isCode(tokens[i], "default") && isCode(tokens[i + 1], ":"));
  if (at === -1) return false;
  const [first, ...rest] = inside.slice(at + 2);
  const call = first !== undefined && isCode(tokens[first], "return") ? rest[0] : first;
  return call !== undefined && ENDS.some((end) => isCode(tokens[call], end)) && isCode(tokens[call + 1], "(");
};

/** Every switch of a file that a new member of its union could fall out of, as `path:line: what is wrong`. */
export const findOpenSwitches = (path: string, { imports, tokens }: ModuleFacts): string[] => {
  const hasEnds = imports.some(({ specifier }) => posix.join(posix.dirname(path), specifier) === "core/exhaustive.ts");
  return tokens.flatMap((token, index) => {
    if (!isCode(token, "switch") || !isCode(tokens[index + 1], "(")) return [];
    if (isCode(tokens[index - 1], ".") || isCode(tokens[index - 1], "?.")) return [];
    if (hasEnds && isClosed(tokens, behind(tokens, index + 1))) return [];
    const what = "a switch ends in `default:` with unreachable() or otherwise() of core/exhaustive.ts";
    return [`${path}:${token.line}: ${what}`];
  });
};
