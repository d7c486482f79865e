import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../alerts/replace-file.ts";
import { syncDirectory } from "../../alerts/sync-directory.ts";

/** What links are signed with. */
export interface LinkKey {
  readonly id: string;
  /** 256 random bits, base64url. */
  readonly secret: string;
}

const schema = z.looseObject({
  version: z.literal(1),
  id: z.string().min(1),
  secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

const keyPath = (folder: string): string => join(folder, "link-key.json");

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : null);

const fresh = (): string => {
  const key = { version: 1, id: randomBytes(4).toString("hex"), secret: randomBytes(32).toString("base64url") };
  return `${JSON.stringify(key)}\n`;
};

/** The key of the folder, null where there is none. Rejects where it cannot be read, is broken, or others may read it. */
export const readLinkKey = async (folder: string): Promise<LinkKey | null> => {
  const path = keyPath(folder);
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw new Error(`${path} may be read by others; chmod 600 it`);
    const { id, secret } = schema.parse(JSON.parse(await readFile(path, "utf8")));
    return { id, secret };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    const isOwn = error instanceof Error && error.message.startsWith(path);
    throw isOwn ? error : new Error(`${path} is no key of links; leeway token rotate-links makes another`);
  }
};

/** The key of the folder, made at its first use; of two that make one at once the first counts. Rejects as `readLinkKey` does. */
export const openLinkKey = async (folder: string): Promise<LinkKey | null> => {
  const known = await readLinkKey(folder);
  if (known !== null) return known;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(keyPath(folder), "wx", 0o600).catch((error: unknown) => {
    if (codeOf(error) === "EEXIST") return null;
    throw error;
  });
  if (handle !== null) {
    await handle.writeFile(fresh()).finally(() => handle.close());
    await syncDirectory(folder);
  }
  return readLinkKey(folder);
};

/** Another key: every link that was sent is void from now on, also where the key was broken. */
export const rotateLinkKey = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(keyPath(folder), fresh());
};
