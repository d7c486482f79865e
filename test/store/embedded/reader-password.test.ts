import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepReaderPassword, readReaderPassword } from "../../../store/embedded/reader-password.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

let dir = "";
let path = "";
let remove: () => Promise<void>;
let kept: ReturnType<typeof recordingLog>;
beforeEach(async () => {
  const made = await temporaryDirectory();
  dir = join(made.path, "store");
  path = join(dir, "reader.password");
  remove = made.remove;
  kept = recordingLog();
});
afterEach(() => remove());

const keep = (): Promise<string> => keepReaderPassword(dir, kept.log);

const modeOf = async (of: string): Promise<number> => (await stat(of)).mode & 0o777;

describe("keepReaderPassword", () => {
  it("makes one of 32 characters in a file and a folder that are nobody else's, and keeps it", async () => {
    const password = await keep();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(await readFile(path, "utf8")).toBe(`${password}\n`);
    expect([await modeOf(path), await modeOf(dir)]).toEqual([0o600, 0o700]);
    expect([await keep(), await readReaderPassword(dir)]).toEqual([password, password]);
    expect(kept.messages).toEqual([]);
  });

  it("keeps one that a person chose", async () => {
    await mkdir(dir);
    await writeFile(path, "correct-horse-battery\n", { mode: 0o600 });
    expect(await keep()).toBe("correct-horse-battery");
  });

  const OLD = "an-old-password-of-somebody";

  it.each([
    ["others may read", "may be read by others", () => writeFile(path, OLD, { mode: 0o644 })],
    ["is empty", "holds no password", () => writeFile(path, "", { mode: 0o600 })],
    ["is short", "holds no password", () => writeFile(path, "short", { mode: 0o600 })],
    ["has two lines", "holds no password", () => writeFile(path, `${OLD}\n${OLD}`, { mode: 0o600 })],
    [
      "is a link",
      "is no plain file",
      async () => {
        await writeFile(join(dir, "elsewhere"), OLD, { mode: 0o600 });
        await symlink(join(dir, "elsewhere"), path);
      },
    ],
  ])("replaces one that %s, and says so without it", async (_name, why, prepare) => {
    await mkdir(dir);
    await prepare();
    await expect(readReaderPassword(dir)).rejects.toMatchObject({ message: expect.stringContaining(why) });
    const password = await keep();
    expect(password).not.toBe(OLD);
    expect(await readReaderPassword(dir)).toBe(password);
    expect(kept.messages).toEqual([
      expect.stringMatching(new RegExp(`${why}.*; a new password was made: leeway reader`)),
    ]);
    expect(kept.messages.join()).not.toContain(password);
  });

  it("names what is in the way when none can be kept", async () => {
    await mkdir(join(path, "folder"), { recursive: true });
    await expect(keep()).rejects.toMatchObject({ code: "store-unavailable", message: expect.stringContaining(path) });
  });
});

describe("readReaderPassword", () => {
  it("is null where none was made", async () => {
    expect(await readReaderPassword(dir)).toBeNull();
  });

  it("follows the mode of the file", async () => {
    await keep();
    await chmod(path, 0o640);
    await expect(readReaderPassword(dir)).rejects.toMatchObject({ code: "store-unavailable" });
  });
});
