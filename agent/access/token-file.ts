import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../alerts/replace-file.ts";
import { lockDirectory } from "../../collector/spool/directory-lock.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { SILENT_LOG } from "../../core/log.ts";
import { type StoredToken, storedToken } from "./stored-token.ts";

/** What the file says, or why nobody can tell. */
export type TokensRead = { readonly tokens: readonly StoredToken[] } | { readonly problem: string };

/** More tokens than this are no list of people. */
export const MAX_TOKENS = 10_000;

const document = z.looseObject({ version: z.literal(1), tokens: z.array(storedToken).max(MAX_TOKENS) });

/** Where the tokens, and what else says who people are, stand in `store.dir`. */
export const accessFolder = (storeDir: string): string => join(storeDir, "access");

/** The file of the tokens in that folder. */
export const tokensPath = (folder: string): string => join(folder, "tokens.json");

const REMEDY = "restore it, or move it away and create the tokens again";

const parse = (path: string, text: string): TokensRead => {
  try {
    const read = document.safeParse(JSON.parse(text));
    return read.success ? { tokens: read.data.tokens } : { problem: `${path} is no file of tokens; ${REMEDY}` };
  } catch {
    return { problem: `${path} is no JSON; ${REMEDY}` };
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Names what tells one content of the file from another; null where there is no file. Rejects as the disk does. */
export const tokensStamp = async (folder: string): Promise<string | null> => {
  try {
    const { ctimeNs, ino, size } = await stat(tokensPath(folder), { bigint: true });
    return `${ctimeNs}:${ino}:${size}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/** The tokens of `folder`; none where there is no file. Never rejects. A file that others may write proves nothing. */
export const readTokens = async (folder: string): Promise<TokensRead> => {
  const path = tokensPath(folder);
  try {
    const { mode } = await stat(path);
    if ((mode & 0o022) !== 0) return { problem: `${path} may be written by others; chmod 600 it` };
    return parse(path, await readFile(path, "utf8"));
  } catch (error) {
    return isMissing(error) ? { tokens: [] } : { problem: `${path} cannot be read: ${messageOf(error)}` };
  }
};

const TRIES = 5;

/** Takes the folder for one change; two that come at once follow each other. Rejects with LeewayError `store-locked`. */
const lock = async (folder: string): Promise<() => Promise<void>> => {
  let pid = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const taken = await lockDirectory(folder, SILENT_LOG);
    if (taken.outcome === "locked") return taken.release;
    pid = taken.pid;
  }
  throw new LeewayError("store-locked", `${folder} is being changed by process ${pid}; try again when it is done`);
};

/** Whoever creates a token as root leaves a file that the agent's own user can read. */
const rightsIn = async (folder: string) => {
  const { uid, gid } = await stat(folder);
  return { mode: 0o600, owner: process.getuid?.() === 0 ? { uid, gid } : null };
};

/**
 * Replaces the tokens by what `change` makes of them; a crash leaves the old ones or the new ones. Rejects with LeewayError:
 * `config-invalid` where the file is broken (it is left alone), `store-locked`, or what `change` throws.
 */
export const changeTokens = async (
  storeDir: string,
  change: (tokens: readonly StoredToken[]) => readonly StoredToken[],
): Promise<void> => {
  const folder = accessFolder(storeDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await lock(folder);
  try {
    const read = await readTokens(folder);
    if ("problem" in read) throw new LeewayError("config-invalid", read.problem);
    const text = `${JSON.stringify({ version: 1, tokens: change(read.tokens) }, null, 2)}\n`;
    await replaceFile(tokensPath(folder), text, await rightsIn(dirname(folder)));
  } finally {
    await release();
  }
};
