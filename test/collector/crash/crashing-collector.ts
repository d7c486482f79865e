import { type ChildProcess, fork } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";

const CHILD = new URL("./collector-process.ts", import.meta.url);

/** The next message of the process; rejects when it ends instead. */
export const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once("message", (value) => resolve(value as T));
    child.once("exit", (code) => reject(new Error(`the collector ended with ${code}`)));
  });

/** A collector in a process of its own, whose spool and store are below `dir`. */
export const startProcess = async (dir: string): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(CHILD, [join(dir, "spool"), join(dir, "store")], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, url: (await message<{ url: string }>(child)).url };
};

/** Ends it without a chance to tidy up. */
export const kill = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
};

/** True when the collector acknowledged it. */
export const post = async (url: string, body: unknown): Promise<boolean> => {
  const asJson = !(body instanceof Uint8Array);
  const type = asJson ? "application/json" : "application/x-protobuf";
  const content = asJson ? JSON.stringify(body) : Buffer.from(body);
  const headers = { "content-type": type };
  const answer = await fetch(url, { method: "POST", headers, body: content }).catch(() => null);
  return answer?.status === 200;
};

/** A cell of every row of a table. Fails where a token came back with other content. */
export const storedCells = async (dir: string, table: string, column: number): Promise<unknown[]> => {
  const names = await readdir(join(dir, "store", table));
  expect(names.filter((name) => name.endsWith(".conflict"))).toEqual([]);
  const files = names.filter((name) => name.endsWith(".stored"));
  const contents = await Promise.all(files.map((name) => readFile(join(dir, "store", table, name), "utf8")));
  return contents.flatMap((content) =>
    content
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)[column]),
  );
};
