import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What the engine's process is started through. */
export interface Launcher {
  readonly execPath: string;
  /** Arguments before the script's path; the last is Node. */
  readonly execArgv: readonly string[];
}

/** How the engine is started when nothing holds it to its folder. */
export const PLAIN: Launcher = { execPath: process.execPath, execArgv: [] };

/**
 * Makes every mount of a mount namespace of its own read-only but the folder `$1`, then becomes the rest of the
 * arguments: same process id, same open files, so that channel, signals and `kill -9` work as ever. What a mount
 * forbids already has to be said again, or the kernel takes it for a wish to allow it.
 */
const HOLD = `set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
dir=$1
shift
mount --bind "$dir" "$dir"
while read -r id parent device root point options rest; do
  point=$(printf '%b' "$point")
  case $point in "$dir"|"$dir"/*) continue ;; esac
  case $options in rw*) mount -o "remount,bind,ro\${options#rw}" "$point" ;; esac
done < /proc/self/mountinfo
exec "$@"`;

const UNSHARE: readonly string[] = ["/usr/bin/unshare", "/bin/unshare"];

/** Succeeds where the folder `$1` can be written and its neighbour `$2` cannot. */
const TRIAL = `: > "$1/.probe" && /bin/rm "$1/.probe" && ! ( : > "$2" ) 2>/dev/null`;

const TRIAL_MS = 10_000;

const succeeds = (file: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(file, args, { env: {}, timeout: TRIAL_MS, killSignal: "SIGKILL" }, (error) => resolve(error === null));
  });

/**
 * A launcher that lets the engine write in `dir` and nowhere else; null where the system has none. It takes Linux, the
 * program `unshare` and permission to use it, which containers and some distributions do not give. Whether it holds is
 * tried out. Never rejects.
 */
export const confine = async (dir: string): Promise<Launcher | null> => {
  const unshare = process.platform === "linux" ? UNSHARE.find((path) => existsSync(path)) : undefined;
  if (unshare === undefined) return null;
  const neighbour = join(dirname(dir), ".probe");
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // Mounts are listed without links.
    const real = await realpath(dir);
    const within = ["--user", "--map-root-user", "--mount", "--", "/bin/sh", "-c", HOLD, "leeway-engine", real];
    const holds = await succeeds(unshare, [...within, "/bin/sh", "-c", TRIAL, "trial", real, neighbour]);
    return holds ? { execPath: unshare, execArgv: [...within, process.execPath] } : null;
  } catch {
    return null;
  } finally {
    await rm(neighbour, { force: true }).catch(() => undefined);
  }
};
