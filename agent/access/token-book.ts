import { inTurn } from "../../async/in-turn.ts";
import { withinOr } from "../../async/within-or.ts";
import { messageOf } from "../../core/errors.ts";
import { covers, type Scope } from "../../core/scope.ts";
import { utcStamp } from "../../core/utc-text.ts";
import { isSameSecret } from "../../http/is-authorised.ts";
import { readsContent, type StoredToken, tokenHash, tokenId } from "./stored-token.ts";
import { readTokens, type TokensRead, tokensStamp } from "./token-file.ts";
import { readTokenUses, type TokenUses, writeTokenUses } from "./token-uses.ts";

/** What a text that somebody presented is. */
export type Presented =
  | { readonly outcome: "known"; readonly token: StoredToken }
  /** It is none that counts; `why` in words, empty where nothing that looks like a token was presented. */
  | { readonly outcome: "unknown"; readonly why: string };

/** The tokens of people, as the agent asks for them. */
export interface TokenBook {
  /** Looks the token up, as the file has it at this moment. Never rejects; a file that cannot be read knows nobody. */
  readonly look: (presented: string | null) => Promise<Presented>;
  /**
   * True from the first token on, also when all have expired or are revoked, and while nobody can tell: what people only say
   * of themselves is then worth less.
   */
  readonly hasPeople: () => boolean;
  /** Names of those whose tokens hold `scope`, as last read, in the order of the alphabet. */
  readonly holders: (scope: Scope) => readonly string[];
  /** The same of those whose tokens let them read content. */
  readonly contentHolders: () => readonly string[];
  /** Why tokens cannot be checked; empty when they can. */
  readonly problem: () => string;
  /** Writes down when tokens were last used. Never rejects. */
  readonly close: () => Promise<void>;
}

/** What a book works with. */
export interface TokenBookParts {
  /** The folder of `accessFolder`. */
  readonly folder: string;
  readonly now: () => number;
}

/** A disk that hangs holds whoever presents a token up for so long, and nobody else for longer than the other, ms. */
const TOKEN_MS = 2_000;
const LOOK_MS = 250;

/** What is known of the file is good for so long where no token is presented, ms: apps ask for flags with every call. */
const FRESH_MS = 1_000;

/** How often uses are written down, ms. */
const USES_EVERY_MS = 60_000;

const over = ({ revokedAt, expiresAt }: StoredToken, now: number): string => {
  if (revokedAt !== null) return `the token was revoked at ${utcStamp(revokedAt)}`;
  return expiresAt !== null && now >= expiresAt ? `the token expired at ${utcStamp(expiresAt)}` : "";
};

const SILENT: TokensRead = { problem: "the disk of the tokens does not answer" };
const GONE: TokensRead = {
  problem: "the file of the tokens is gone; restore it, or restart the agent to go on without",
};
const UNREAD: TokensRead = { problem: "the tokens were not read yet" };

/** A clock that was set back makes no token valid again: time goes on from the latest moment that was seen or written down. */
const onward = (now: () => number): ((seen: readonly StoredToken[]) => number) => {
  let latest = Number.NEGATIVE_INFINITY;
  return (seen) => {
    latest = Math.max(latest, now(), ...seen.slice(-1).map(({ createdAt }) => createdAt));
    return latest;
  };
};

/** Keeps when tokens were used, and writes it down now and then. */
const keepUses = (folder: string, now: () => number) => {
  const uses = new Map<string, number>();
  let writtenAt = Number.NEGATIVE_INFINITY;
  const turn = inTurn();
  const write = () =>
    turn(async () => {
      if (uses.size === 0) return;
      const before: TokenUses = await readTokenUses(folder);
      await writeTokenUses(folder, new Map([...before, ...uses])).catch(() => undefined);
    });
  return {
    used: (id: string): void => {
      uses.set(id, now());
      if (Math.abs(now() - writtenAt) < USES_EVERY_MS) return;
      writtenAt = now();
      void write();
    },
    write,
  };
};

/** The book of `folder`, which is read when it is asked for the first time, and again whenever the file changed. */
export const createTokenBook = ({ folder, now }: TokenBookParts): TokenBook => {
  let read: TokensRead = UNREAD;
  let stamp: string | null | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const time = onward(now);
  const uses = keepUses(folder, now);

  const refresh = async (): Promise<TokensRead> => {
    try {
      const found = await tokensStamp(folder);
      if (found === stamp && !("problem" in read)) return read;
      // a disk that is gone must not make everybody an approver
      if (found === null) return typeof stamp === "string" ? GONE : { tokens: [] };
      const next = await readTokens(folder);
      stamp = found;
      return next;
    } catch (error) {
      return { problem: `the tokens cannot be read: ${messageOf(error)}` };
    }
  };

  const known = (presented: string | null): Presented => {
    const id = presented === null ? null : tokenId(presented);
    if (presented === null || id === null) return { outcome: "unknown", why: "" };
    if ("problem" in read) return { outcome: "unknown", why: `no token can be checked: ${read.problem}` };
    const token = read.tokens.find((each) => each.id === id && isSameSecret(tokenHash(presented), each.sha256));
    if (token === undefined) return { outcome: "unknown", why: "the token is none of this agent's" };
    const why = over(token, time(read.tokens));
    if (why !== "") return { outcome: "unknown", why };
    uses.used(token.id);
    return { outcome: "known", token };
  };

  const namesOf = (holds: (token: StoredToken) => boolean): readonly string[] => {
    if ("problem" in read) return [];
    const { tokens } = read;
    const inForce = tokens.filter((token) => holds(token) && over(token, time(tokens)) === "");
    return [...new Set(inForce.map(({ name }) => name))].sort();
  };

  return {
    look: async (presented) => {
      const isToken = presented !== null && tokenId(presented) !== null;
      if (!isToken && Math.abs(now() - lookedAt) < FRESH_MS) return known(presented);
      lookedAt = now();
      read = await (isToken ? withinOr(TOKEN_MS, refresh(), SILENT) : withinOr(LOOK_MS, refresh(), read));
      return known(presented);
    },
    hasPeople: () => "problem" in read || read.tokens.length > 0,
    holders: (scope) => namesOf((token) => covers(token.scope, scope)),
    contentHolders: () => namesOf(readsContent),
    problem: () => (read !== UNREAD && "problem" in read ? read.problem : ""),
    close: uses.write,
  };
};

/** The book where nobody has a token. */
export const NO_TOKENS: TokenBook = {
  look: async () => ({ outcome: "unknown", why: "" }),
  hasPeople: () => false,
  holders: () => [],
  contentHolders: () => [],
  problem: () => "",
  close: async () => undefined,
};
