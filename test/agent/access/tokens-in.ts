import { join } from "node:path";
import { newToken, type StoredToken, tokenHash } from "../../../agent/access/stored-token.ts";
import { accessFolder, changeTokens } from "../../../agent/access/token-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** A folder of an agent. */
export const agentFolder = (): { readonly dir: string; readonly folder: string } => {
  const dir = join(temporaryDirectory(), ".leeway");
  return { dir, folder: accessFolder(dir) };
};

/** Gives somebody a token in the folder; the token itself. */
export const giveToken = async (
  dir: string,
  changes: Partial<StoredToken> = {},
): Promise<{ readonly id: string; readonly token: string }> => {
  const { id, token } = newToken();
  const made: StoredToken = {
    ...{ id, name: "ana", scope: "approve", sha256: tokenHash(token), createdAt: 1_000, createdBy: "root" },
    ...{ expiresAt: null, revokedAt: null, revokedBy: null },
    ...changes,
  };
  await changeTokens(dir, (tokens) => [...tokens, made]);
  return { id, token };
};

/** Revokes it. */
export const revoke = (dir: string, id: string, at: number): Promise<void> =>
  changeTokens(dir, (tokens) =>
    tokens.map((token) => (token.id === id ? { ...token, revokedAt: at, revokedBy: "root" } : token)),
  );
