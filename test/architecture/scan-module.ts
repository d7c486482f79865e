import { LanguageVariant, SyntaxKind } from "typescript/unstable/ast";
import { createScanner, type Scanner } from "typescript/unstable/ast/scanner";

/** One token of a source file: comments and white space are gone, strings are kept apart from code. */
export interface Token {
  /** `text` for string literals (content without quotes), `code` for everything else. */
  readonly kind: "code" | "text";
  readonly value: string;
  /** 1-based line the token starts on. */
  readonly line: number;
}

/** What the rules need to know of one source file. */
export interface ModuleFacts {
  readonly imports: readonly { readonly specifier: string; readonly line: number }[];
  readonly tokens: readonly Token[];
}

const ENDS_AN_EXPRESSION = new Set<SyntaxKind>([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

/** The scanner alone cannot know whether `/` divides and whether `}` ends a template's hole; the parser would. */
const nextKind = (scanner: Scanner, previous: SyntaxKind, holes: number[]): SyntaxKind => {
  const kind = scanner.scan();
  if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken)
    return ENDS_AN_EXPRESSION.has(previous) ? kind : scanner.reScanSlashToken();
  if (kind === SyntaxKind.TemplateHead) holes.push(0);
  const depth = holes.at(-1);
  if (depth === undefined) return kind;
  if (kind === SyntaxKind.OpenBraceToken) holes[holes.length - 1] = depth + 1;
  if (kind !== SyntaxKind.CloseBraceToken) return kind;
  if (depth > 0) {
    holes[holes.length - 1] = depth - 1;
    return kind;
  }
  const rest = scanner.reScanTemplateToken(false);
  if (rest === SyntaxKind.TemplateTail) holes.pop();
  return rest;
};

const isText = (kind: SyntaxKind): boolean =>
  kind === SyntaxKind.StringLiteral || kind === SyntaxKind.NoSubstitutionTemplateLiteral;

const tokensOf = (source: string): Token[] => {
  const scanner = createScanner(true, LanguageVariant.Standard, source);
  const tokens: Token[] = [];
  const holes: number[] = [];
  let previous: SyntaxKind = SyntaxKind.Unknown;
  let line = 1;
  let counted = 0;
  while (true) {
    const kind = nextKind(scanner, previous, holes);
    if (kind === SyntaxKind.EndOfFile) return tokens;
    const start = scanner.getTokenStart();
    line += source.slice(counted, start).split("\n").length - 1;
    counted = start;
    tokens.push(
      isText(kind)
        ? { kind: "text", value: scanner.getTokenValue(), line }
        : { kind: "code", value: scanner.getTokenText(), line },
    );
    previous = kind;
  }
};

/** `from "x"`, `import "x"`, `import("x")`, `require("x")`. */
const isSpecifier = (tokens: readonly Token[], index: number): boolean => {
  const code = (back: number): string => {
    const token = tokens[index - back];
    return token?.kind === "code" ? token.value : "";
  };
  if (tokens[index]?.kind !== "text") return false;
  if (code(1) === "from" || code(1) === "import") return true;
  return code(1) === "(" && (code(2) === "import" || code(2) === "require" || code(2) === "resolve");
};

/** Reads the imports (static, type-only, re-exports, dynamic, require) and the tokens of one TypeScript or JavaScript file. */
export const scanModule = (source: string): ModuleFacts => {
  const tokens = tokensOf(source);
  const imports = tokens
    .filter((_token, index) => isSpecifier(tokens, index))
    .map(({ value, line }) => ({ specifier: value, line }));
  return { imports, tokens };
};
