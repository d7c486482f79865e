import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../alerts/replace-file.ts";

/** When tokens were last presented, epoch ms, by id. */
export type TokenUses = ReadonlyMap<string, number>;

const usesPath = (folder: string): string => join(folder, "token-uses.json");

/** What the agent of `folder` last wrote down; nothing where there is no file or it cannot be read. Never rejects. */
export const readTokenUses = async (folder: string): Promise<TokenUses> => {
  try {
    const read: unknown = JSON.parse(await readFile(usesPath(folder), "utf8"));
    return new Map(Object.entries(read ?? {}).filter((use): use is [string, number] => Number.isFinite(use[1])));
  } catch {
    return new Map();
  }
};

/** Writes it down beside the tokens, in a file of its own: no list of tokens is ever overwritten by an agent. */
export const writeTokenUses = (folder: string, uses: TokenUses): Promise<void> =>
  replaceFile(usesPath(folder), `${JSON.stringify(Object.fromEntries(uses))}\n`);
