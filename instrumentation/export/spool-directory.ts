import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const userName = (): string => {
  try {
    return String(process.getuid?.() ?? userInfo().username);
  } catch {
    return "unknown";
  }
};

/** The spool's place when none is given: a directory of this user's below the system's for temporary files. */
export const defaultSpoolDirectory = (): string => join(tmpdir(), `leeway-${userName()}`);

/** Where the spans for one collector wait: those of another collector must never be sent to this one. */
export const directoryForEndpoint = (base: string, endpoint: string): string =>
  join(base, createHash("sha256").update(endpoint).digest("hex").slice(0, 16));

/** A real directory that belongs to this user; others may have made one of that name in a shared /tmp. */
const belongsToUs = (dir: string): boolean => {
  const found = lstatSync(dir);
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
};

/** True when both directories are there and this user's: what somebody else left in one of that name is not sent. */
export const ownsSpoolDirectory = (base: string, dir: string): boolean => {
  try {
    return belongsToUs(base) && belongsToUs(dir);
  } catch {
    return false;
  }
};

/**
 * Makes `dir` below `base`, readable by this user only. False when either cannot be made, is a link or belongs to
 * somebody else: then nothing is written there.
 */
export const prepareSpoolDirectory = (base: string, dir: string): boolean => {
  try {
    mkdirSync(base, { recursive: true, mode: 0o700 });
    if (!belongsToUs(base)) return false;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return belongsToUs(dir);
  } catch {
    return false;
  }
};
