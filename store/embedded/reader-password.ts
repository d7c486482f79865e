import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";

/** Where the reader's password is kept in `store.dir`. */
export const passwordPath = (dir: string): string => join(dir, "reader.password");

/** 16 to 200 visible characters, so that a person may choose one and a file that was cut short is none. */
const PASSWORD = /^[!-~]{16,200}$/;

const OTHERS = 0o077;

type Kept = { readonly password: string } | { readonly problem: string } | null;

const read = async (path: string): Promise<Kept> => {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found === null) return null;
  if (!found.isFile()) return { problem: "is no plain file" };
  if ((found.mode & OTHERS) !== 0) return { problem: "may be read by others" };
  if (process.getuid !== undefined && found.uid !== process.getuid()) return { problem: "belongs to another user" };
  const password = (await readFile(path, "utf8")).trim();
  return PASSWORD.test(password) ? { password } : { problem: "holds no password of 16 to 200 visible characters" };
};

const make = async (dir: string, path: string): Promise<string> => {
  const password = randomBytes(24).toString("base64url");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(draft, "wx", 0o600);
    await file.writeFile(`${password}\n`).finally(() => file.close());
    // A name in the way that is no plain file is not followed but replaced; a folder is not.
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return password;
};

/**
 * The password of the user `reader`, made the first time and kept, because Grafana is configured with it. One that
 * others could read, or that is no plain file of ours, is replaced, and said. Throws LeewayError `store-unavailable`
 * when it can be neither read nor made.
 */
export const keepReaderPassword = async (dir: string, log: Log): Promise<string> => {
  const path = passwordPath(dir);
  try {
    const kept = await read(path);
    if (kept !== null && "password" in kept) return kept.password;
    const password = await make(dir, path);
    if (kept !== null) {
      log.warn(
        `store: ${path} ${kept.problem}; a new password was made: leeway reader shows it, Grafana has to be told`,
      );
    }
    return password;
  } catch (error) {
    const why = messageOf(error);
    throw new LeewayError("store-unavailable", `store.dir: ${path} cannot be kept; ${why}`, { cause: error });
  }
};

/**
 * The same for those who only look; null when there is none yet. Throws LeewayError `store-unavailable` for one that
 * must not be used or cannot be read.
 */
export const readReaderPassword = async (dir: string): Promise<string | null> => {
  const path = passwordPath(dir);
  const kept = await read(path).catch((error: unknown) => ({ problem: `cannot be read; ${messageOf(error)}` }));
  if (kept === null) return null;
  if ("password" in kept) return kept.password;
  throw new LeewayError("store-unavailable", `store.dir: ${path} ${kept.problem}; start the agent again to replace it`);
};
