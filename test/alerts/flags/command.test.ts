import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { command } from "../../../alerts/flags/command.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const flagOf = (script: string, settings: Readonly<Record<string, unknown>> = {}) => {
  const config = command.schema.parse({ type: "command", command: ["/bin/sh", "-c", script], ...settings });
  const target = command.create("own", config, { log: recordingLog(), now: Date.now });
  return target.bind({ flag: "model", target: "own" }, { baseline: "old", canary: "new" });
};

/** Processes whose command line has `mark`, zombies not counted, as the kernel lists them. */
const running = (pids: readonly number[]): readonly number[] =>
  pids.filter((pid) => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  });

const FINE = `echo '{"share":0.05,"revision":"a","more":"s3cret"}'`;

describe("a flag target of type command", () => {
  it("gives the request on standard input and nothing else, and reads one object", async () => {
    const file = join(temporaryDirectory(), "request");
    expect(await flagOf(`/bin/cat > ${file}; ${FINE}`).read()).toEqual({
      flag: "model",
      share: 0.05,
      enabled: true,
      revision: "a",
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      version: 1,
      do: "read",
      flag: "model",
      values: { baseline: "old", canary: "new" },
    });
  });

  it("hands on the variables it is told, and none of the agent's own", async () => {
    const file = join(temporaryDirectory(), "env");
    await flagOf(`/usr/bin/env > ${file}; ${FINE}`, { env: { TOKEN: "t$(id)" } }).read();
    const seen = readFileSync(file, "utf8").split("\n");
    expect(seen).toContain("TOKEN=t$(id)");
    expect(seen.filter((line) => /^(HOME|USER|NODE|npm|VITEST)/.test(line))).toEqual([]);
  });

  it("lets no shell read its arguments", async () => {
    const file = join(temporaryDirectory(), "made");
    const config = command.schema.parse({
      type: "command",
      command: ["/bin/echo", `$(touch ${file})`, ";", "touch", file],
    });
    const flag = command
      .create("own", config, { log: recordingLog(), now: Date.now })
      .bind({ flag: "model", target: "own" }, { baseline: "old", canary: "new" });
    expect(await flag.read()).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(existsSync(file)).toBe(false);
  });

  it.each<[string, string, string]>([
    ["words around the answer", `echo connecting; ${FINE}`, "no JSON"],
    ["nothing", "true", "no JSON"],
    ["two answers", `${FINE}; ${FINE}`, "no JSON"],
    ["a list", "echo '[]'", "the answer is not what"],
    ["a share as text", `echo '{"share":"0.05","revision":"a"}'`, "share is not what"],
    ["no revision", `echo '{"share":0.05}'`, "revision is not what"],
    ["bytes that are no UTF-8", `printf '{"share":0,"revision":"\\377"}'`, "no UTF-8"],
    ["an endless line", "exec /usr/bin/yes", "more than 65536 bytes"],
    ["an exit code of no meaning", "echo s3cret; echo s3cret >&2; exit 3", "exit code 3"],
  ])("does not believe %s", async (_name, script, detail) => {
    const failed = await flagOf(script).read();
    expect(failed).toMatchObject({ outcome: "failed", why: "permanent", detail: expect.stringContaining(detail) });
    expect(JSON.stringify(failed)).not.toContain("s3cret");
  });

  it("is not kept by a flood on standard error, nor by a program that does not read", async () => {
    const flood = "/usr/bin/head -c 20000000 /dev/zero >&2";
    expect(await flagOf(`${flood}; ${FINE}`).read()).toMatchObject({ share: 0.05 });
    expect(await flagOf(`exec 0<&-; ${FINE}`).setShare(0.05, null)).toMatchObject({ outcome: "written" });
  });

  it("ends a program that hangs, with everything it started, also what ignores being asked", async () => {
    const file = join(temporaryDirectory(), "pids");
    const script = `trap '' TERM INT HUP; /bin/sleep 300 & echo $! $$ > ${file}; wait`;
    const failed = await flagOf(script, { timeout: "300ms" }).read();
    expect(failed).toMatchObject({ outcome: "failed", why: "transient", detail: expect.stringContaining("300 ms") });
    const pids = readFileSync(file, "utf8").trim().split(" ").map(Number);
    await vi.waitFor(() => expect(running(pids)).toEqual([]));
  });

  it("leaves nothing behind of a program that ended and left a child with its output open", async () => {
    const file = join(temporaryDirectory(), "pids");
    expect(await flagOf(`/bin/sleep 300 & echo $! > ${file}; ${FINE}`).read()).toMatchObject({ share: 0.05 });
    const pids = [Number(readFileSync(file, "utf8"))];
    await vi.waitFor(() => expect(running(pids)).toEqual([]));
  });

  it("does not wait for a child that left the group and holds the output open", async () => {
    const file = join(temporaryDirectory(), "pids");
    const script = `/usr/bin/setsid /bin/sh -c 'echo $$ > ${file}; exec /bin/sleep 20' & while [ ! -s ${file} ]; do :; done; ${FINE}`;
    expect(await flagOf(script).read()).toMatchObject({ share: 0.05 });
    process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
  });

  it("says that a program is not there, may not be run, or was killed", async () => {
    const missing = command.schema.parse({ type: "command", command: ["/no/such/program"] });
    const flag = command
      .create("own", missing, { log: recordingLog(), now: Date.now })
      .bind({ flag: "model", target: "own" }, { baseline: "old", canary: "new" });
    expect(await flag.read()).toMatchObject({ why: "permanent", detail: expect.stringContaining("ENOENT") });
    expect(await flagOf("kill -9 $$").read()).toMatchObject({ why: "transient", detail: "sh was ended by SIGKILL" });
  });

  it("takes the wait of a program that is rate limited, when it is one", async () => {
    const limited = (wait: string) => flagOf(`echo '{"retryAfterSeconds": ${wait}}'; exit 13`).read();
    expect(await limited("1.5")).toMatchObject({ why: "rate-limited", retryAfterMs: 1_500 });
    expect(await limited('"soon"')).toMatchObject({ why: "rate-limited", retryAfterMs: null });
    expect(await limited("-1")).toMatchObject({ why: "rate-limited", retryAfterMs: null });
  });

  it.each([
    [{ command: [] }, "command.0"],
    [{ command: ["flag"] }, "command.0"],
    [{ command: "rm -rf /" }, "command"],
    [{ command: ["/bin/sh", "a\0b"] }, "command.1"],
    [{ env: { "A=B": "c" } }, "env.A=B"],
    [{ timeout: "20s" }, "timeout"],
  ])("refuses %j", (part, place) => {
    const { error } = command.schema.safeParse({ type: "command", command: ["/bin/true"], ...part });
    expect(error?.issues[0]?.path.join(".")).toBe(place);
  });
});
