import { nameProblem, newToken, type StoredToken, tokenHash } from "../../agent/access/stored-token.ts";
import { accessFolder, changeTokens, MAX_TOKENS, readTokens } from "../../agent/access/token-file.ts";
import { readTokenUses, type TokenUses } from "../../agent/access/token-uses.ts";
import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { rotateLinkKey } from "../../agent/links/link-key.ts";
import { LeewayError } from "../../core/errors.ts";
import { parseDuration } from "../../core/parse-amount.ts";
import { printableLine } from "../../core/printable.ts";
import { isScope, SCOPES, type Scope } from "../../core/scope.ts";
import { utcMinute } from "../../core/utc-text.ts";
import { currentUser } from "../current-user.ts";
import { renderTable } from "../render/table.ts";

type Print = (text: string) => void;

/** What `leeway token create` is given. */
export interface TokenOptions {
  readonly config: string;
  readonly name?: string;
  readonly scope?: string;
  readonly expires?: string;
}

const wrong = (text: string): LeewayError => new LeewayError("config-invalid", text);

const folderOf = (config: string): string => loadStoreAccess(config, process.env).store.dir;

const readName = (name: string | undefined): string => {
  const problem = name === undefined ? "missing; expected whose it is, such as ana@example.com" : nameProblem(name);
  if (name !== undefined && problem === "") return name;
  throw wrong(`--name: ${name === undefined ? "" : `${printableLine(name.slice(0, 100))}: `}${problem}`);
};

const CONTENT = "content";

/** `approve`, `content` (which reads as well), or both: `operate,content`. */
const readScope = (text: string | undefined): { readonly scope: Scope; readonly content: boolean } => {
  const words = (text ?? "").split(",").map((word) => word.trim());
  const content = words.includes(CONTENT);
  const [scope, ...more] = words.filter((word) => word !== CONTENT);
  if (content && scope === undefined) return { scope: "read", content };
  if (isScope(scope) && more.length === 0) return { scope, content };
  const expected = `expected one of ${SCOPES.join(", ")}, ${CONTENT} (read, and what was asked and answered), or both: operate,${CONTENT}`;
  throw wrong(`--scope: ${printableLine(text ?? "missing")}; ${expected}`);
};

const scopeText = ({ scope, content = false }: Pick<StoredToken, "scope" | "content">): string =>
  content ? `${scope},${CONTENT}` : scope;

/** The shortest and the longest life of a token, ms. */
const [SHORTEST_MS, LONGEST_MS] = [60_000, 10 * 31_536_000_000];

const readExpires = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw wrong(`--expires: ${printableLine(text)}; expected a duration from 1m to 10y, such as 90d`);
};

const without = (tokens: readonly StoredToken[]): readonly StoredToken[] => {
  if (tokens.length < MAX_TOKENS) return tokens;
  throw wrong(
    `there are ${tokens.length} tokens already, as many as are kept; move the file away, and create those that are still needed again`,
  );
};

/** `leeway token create`: prints the token, which is nowhere else. */
export const createToken = async (options: TokenOptions, now: number, print: Print): Promise<0> => {
  const [name, { scope, content }, ms] = [
    readName(options.name),
    readScope(options.scope),
    readExpires(options.expires),
  ];
  const dir = folderOf(options.config);
  let made = newToken();
  await changeTokens(dir, (tokens) => {
    while (tokens.some(({ id }) => id === made.id)) made = newToken();
    const { id, token } = made;
    const who = { createdAt: now, createdBy: currentUser(), expiresAt: ms === null ? null : now + ms };
    const fresh = {
      id,
      name,
      scope,
      ...(content ? { content } : {}),
      sha256: tokenHash(token),
      ...who,
      revokedAt: null,
      revokedBy: null,
    };
    return [...without(tokens), fresh];
  });
  const until = ms === null ? "until it is revoked" : `until ${utcMinute(now + ms)} UTC`;
  print(
    `${made.token}\n\n${name} may ${scope}${content ? ", content included" : ""}, ${until}. It is shown this once: give it as LEEWAY_AGENT_TOKEN.\n`,
  );
  return 0;
};

/** How a token stands. */
const standing = ({ revokedAt, revokedBy, expiresAt }: StoredToken, now: number): string => {
  if (revokedAt !== null) return `revoked ${utcMinute(revokedAt)} by ${revokedBy ?? "unknown"}`;
  if (expiresAt === null) return "in force";
  return now >= expiresAt ? `expired ${utcMinute(expiresAt)}` : `until ${utcMinute(expiresAt)}`;
};

const listing = (tokens: readonly StoredToken[], uses: TokenUses, now: number): readonly string[] => {
  const rows = tokens.map((token) => {
    const used = uses.get(token.id);
    const created = `${utcMinute(token.createdAt)} by ${token.createdBy}`;
    const cells = [token.id, token.name, scopeText(token), standing(token, now), created];
    return [...cells, used === undefined ? "never" : utcMinute(used)].map(printableLine);
  });
  return renderTable(["id", "name", "scope", "stands (UTC)", "created", "last used"], rows);
};

/** `leeway token list`: everything but the tokens. */
export const listTokens = async (
  { config, json }: { readonly config: string; readonly json: boolean },
  now: number,
  print: Print,
): Promise<0> => {
  const folder = accessFolder(folderOf(config));
  const read = await readTokens(folder);
  if ("problem" in read) throw wrong(read.problem);
  const uses = await readTokenUses(folder);
  if (json) {
    const tokens = read.tokens.map(({ sha256: _, ...token }) => ({ ...token, lastUsedAt: uses.get(token.id) ?? null }));
    print(`${JSON.stringify({ schema: "leeway.tokens/1", tokens })}\n`);
    return 0;
  }
  const none = "nobody has a token: whoever is on this machine may do everything, under the name they say";
  print(`${read.tokens.length === 0 ? none : listing(read.tokens, uses, now).join("\n")}\n`);
  return 0;
};

/** `leeway token revoke`: it counts no more from the next request on. */
export const revokeToken = async (
  { config, id }: { readonly config: string; readonly id: string },
  now: number,
  print: Print,
): Promise<0> => {
  let said = "";
  await changeTokens(folderOf(config), (tokens) => {
    const token = tokens.find((each) => each.id === id);
    if (token === undefined) throw wrong(`no token ${printableLine(id)}; leeway token list shows their ids`);
    said =
      token.revokedAt === null ? `the token ${id} of ${token.name} is revoked` : `the token ${id} was revoked before`;
    if (token.revokedAt !== null) return tokens;
    return tokens.map((each) => (each === token ? { ...each, revokedAt: now, revokedBy: currentUser() } : each));
  });
  print(`${said}\n`);
  return 0;
};

/** `leeway token rotate-links`: the agent takes the new key with the next link. */
export const rotateLinks = async ({ config }: { readonly config: string }, print: Print): Promise<0> => {
  await rotateLinkKey(accessFolder(folderOf(config)));
  print("the key of links is another one: every link that was sent is void\n");
  return 0;
};
