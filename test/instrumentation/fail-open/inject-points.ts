import { build } from "esbuild";
import { parseAst } from "vitest/node";

/** A function of ours that can be made to throw at its first statement. */
export interface Point {
  /** The file it is in, e.g. `instrumentation/scope.ts`. */
  readonly file: string;
  /** Its name where it has one, else `line <n>` of the bundle. */
  readonly name: string;
}

/** A bundle whose every function of ours begins with `__point(<number>)`. */
export interface InjectedBundle {
  readonly code: string;
  readonly points: readonly Point[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Where esbuild put which source file: it writes the path in a comment before each. */
const filesIn = (code: string): readonly (readonly [from: number, file: string])[] =>
  [...code.matchAll(/^\s*\/\/ (\S+\.(?:ts|js|cjs|mjs|json))$/gm)].map((found) => [found.index, found[1] ?? ""]);

const OURS = /^(?:core|features|instrumentation)\//;

interface Found {
  readonly node: Node;
  readonly name: string;
}

const nameOf = (node: Node, parent: Node | null): string => {
  const named = [node.id, parent?.id, parent?.key].find(isNode);
  return typeof named?.name === "string" ? named.name : "";
};

const functionsIn = (root: Node): readonly Found[] => {
  const found: Found[] = [];
  const visit = (node: Node, parent: Node | null): void => {
    if (/Function/.test(node.type) && isNode(node.body)) found.push({ node, name: nameOf(node, parent) });
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node);
    }
  };
  visit(root, null);
  return found;
};

/** A function that catches is asked what it catches: the point comes inside. */
const guardedBlock = ({ body }: Node): Node | null => {
  const found = Array.isArray(body)
    ? body.find((statement) => isNode(statement) && statement.type === "TryStatement")
    : null;
  return isNode(found) && isNode(found.handler) && isNode(found.block) ? found.block : null;
};

/** Bundles an entry of the product as it is published, and puts a point at the start of every function of ours. */
export const injectPoints = async (
  entry: string,
  root: string,
  firstNumber: number,
  guard: { readonly before: string; readonly after: string },
): Promise<InjectedBundle> => {
  const bundled = await build({
    ...{ absWorkingDir: root, entryPoints: [entry], bundle: true, write: false },
    ...{ platform: "node", target: "node22", format: "cjs", logLevel: "warning" },
    ...{ banner: { js: guard.before }, footer: { js: guard.after } },
  });
  const code = bundled.outputFiles[0]?.text ?? "";
  const files = filesIn(code);
  const fileAt = (at: number): string => files.findLast(([from]) => from <= at)?.[1] ?? "";
  const points: Point[] = [];
  const insertions: [at: number, text: string][] = [];
  for (const { node, name } of functionsIn(parseAst(code) as unknown as Node)) {
    const file = fileAt(node.start);
    const body = node.body as Node;
    if (!OURS.test(file)) continue;
    const call = `__point(${firstNumber + points.length})`;
    points.push({ file, name: name || `line ${code.slice(0, node.start).split("\n").length}` });
    const guarded = body.type === "BlockStatement" ? guardedBlock(body) : null;
    if (guarded !== null) insertions.push([guarded.start + 1, `${call};`]);
    else if (body.type === "BlockStatement") insertions.push([body.start + 1, `${call};`]);
    else insertions.push([body.start, `(${call}, `], [body.end, ")"]);
  }
  // From the end, so that places stay where they are. Of two at one place the closing one comes first in the text.
  insertions.sort((a, b) => b[0] - a[0] || (a[1] === ")" ? 1 : -1));
  let injected = code;
  for (const [at, text] of insertions) injected = injected.slice(0, at) + text + injected.slice(at);
  return { code: injected, points };
};
