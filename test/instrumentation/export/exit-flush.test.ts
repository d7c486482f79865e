import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { flushOnExit } from "../../../instrumentation/export/exit-flush.ts";
import { eventually } from "../eventually.ts";

const setUp = (flush: () => Promise<void> = async () => {}) => {
  const kills: string[] = [];
  let flushes = 0;
  const ends: number[] = [];
  const host = Object.assign(new EventEmitter(), {
    pid: 1,
    kill: (_pid: number, signal: string) => kills.push(signal),
  });
  const counted = () => {
    flushes += 1;
    return flush();
  };
  flushOnExit(host, { flush: counted, end: () => void ends.push(kills.length) }, 100);
  return { host, kills, ends, flushes: () => flushes };
};

describe("flushOnExit", () => {
  it("flushes once when the process runs out of work", () => {
    const { host, flushes } = setUp();
    host.emit("beforeExit", 0);
    host.emit("beforeExit", 0);
    expect(flushes()).toBe(1);
  });

  it("flushes on a signal the app does not listen to, then raises it again without a listener", async () => {
    const { host, kills, flushes } = setUp();
    host.emit("SIGTERM");
    await eventually(() => kills.length > 0);
    expect(kills).toEqual(["SIGTERM"]);
    expect(flushes()).toBe(1);
    expect(host.listenerCount("SIGTERM")).toBe(0);
  });

  it("raises the signal again although the flush hangs or fails", async () => {
    for (const flush of [() => new Promise<void>(() => {}), () => Promise.reject(new Error("x"))]) {
      const { host, kills } = setUp(flush);
      host.emit("SIGINT");
      expect(await eventually(() => kills[0])).toBe("SIGINT");
    }
  });

  it("does not wait when the signal comes again", () => {
    const { host, kills } = setUp(() => new Promise<void>(() => {}));
    host.emit("SIGINT");
    host.emit("SIGINT");
    expect(kills).toEqual(["SIGINT"]);
  });

  it("stays away from signals the app handles, and is never counted beside the app's listeners", async () => {
    const { host, kills, flushes } = setUp();
    const seen: number[] = [];
    const handler = () => seen.push(host.listenerCount("SIGTERM"));
    host.on("SIGTERM", handler);
    await Promise.resolve();
    host.emit("SIGTERM");
    expect(seen).toEqual([1]);
    expect([kills, flushes()]).toEqual([[], 0]);
    host.removeListener("SIGTERM", handler);
    expect(host.listenerCount("SIGTERM")).toBe(1);
  });

  it("does not listen when the app did before", () => {
    const host = Object.assign(new EventEmitter(), { pid: 1, kill: () => {} });
    host.on("SIGTERM", () => {});
    flushOnExit(host, { flush: async () => {}, end: () => {} }, 100);
    expect(host.listenerCount("SIGTERM")).toBe(1);
    expect(host.listenerCount("SIGINT")).toBe(1);
  });

  it("calls what cannot wait when the process ends, and before a signal is raised again", async () => {
    const { host, kills, ends } = setUp();
    host.emit("exit", 0);
    expect(ends).toEqual([0]);
    host.emit("SIGTERM");
    await eventually(() => kills.length > 0);
    expect(ends).toEqual([0, 0]);
  });
});
