import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sharedByAll, sharedObject } from "../../instrumentation/shared-object.ts";

const NAMES = ["thing", "hook", "events", "context", "covered", "redaction", "told-version"];
const keyOf = (name: string): symbol => Symbol.for(`leeway.${name}`);
const there = globalThis as unknown as Record<symbol, unknown>;

/** What another version would have put there. */
const foreign = <T extends object>(name: string, object: T, version = 99): T => {
  Object.defineProperty(object, Symbol.for("leeway.version"), { value: version });
  there[keyOf(name)] = object;
  return object;
};

let lines: string[];
beforeEach(() => {
  vi.resetModules();
  lines = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of NAMES) Reflect.deleteProperty(globalThis, keyOf(name));
});

describe("an object that copies of this code share", () => {
  it("is found by all copies of its version", () => {
    const object = { is: "ours" };
    sharedObject<object>("thing", 1).share(object);
    expect(sharedObject<object>("thing", 1).find()).toBe(object);
    const make = sharedByAll("thing", 1, () => ({ is: "another" }));
    expect(make()).toBe(object);
    expect(lines).toEqual([]);
  });

  it("is of version 1 where it carries none", () => {
    there[keyOf("thing")] = { is: "of an earlier version" };
    expect(sharedObject("thing", 1).find()).toEqual({ is: "of an earlier version" });
    expect(sharedObject("thing", 2).find()).toBeNull();
  });

  it("is left alone by another version, which says so once", () => {
    const theirs = foreign("thing", {});
    const { share, find, isForeign } = sharedObject<object>("thing", 1);
    share({});
    expect([find(), isForeign()]).toEqual([null, true]);
    expect(there[keyOf("thing")]).toBe(theirs);
    expect(lines).toEqual([expect.stringMatching(/^leeway: two versions of Leeway .*\n$/)]);
  });

  it("is each version's own where every copy may make it", () => {
    const theirs = foreign("thing", {});
    const own = sharedByAll("thing", 1, () => ({}));
    expect(own()).not.toBe(theirs);
    expect(own()).toBe(own());
    expect(there[keyOf("thing")]).toBe(theirs);
  });
});

describe("the leeway entry beside a preload of another version", () => {
  it("leaves fetch functions and clients as they are", async () => {
    const touched = vi.fn();
    foreign("hook", { wrapFetch: touched, bedrock: { follow: touched } });
    const { wrapFetch } = await import("../../instrumentation/wrap-fetch.ts");
    const { instrumentBedrock } = await import("../../instrumentation/instrument-bedrock.ts");
    const client = {};
    expect(wrapFetch(fetch)).toBe(fetch);
    expect(instrumentBedrock(client)).toBe(client);
    expect(touched).not.toHaveBeenCalled();
    expect(lines).toHaveLength(1);
  });

  it("hands it no outcome and no flag", async () => {
    const touched = vi.fn();
    foreign("events", { outcome: touched, flag: touched });
    const { recordOutcome } = await import("../../instrumentation/record-outcome.ts");
    const { recordFlag } = await import("../../instrumentation/record-flag.ts");
    recordOutcome({ name: "thumb", score: 1 } as never);
    recordFlag({ key: "f", variant: "canary" } as never);
    expect(touched).not.toHaveBeenCalled();
  });

  it("runs the app's code, in scopes of its own", async () => {
    const theirs = foreign("context", new AsyncLocalStorage());
    const { withCohort } = await import("../../instrumentation/context.ts");
    const { scopeStorage } = await import("../../instrumentation/scope.ts");
    const seen = withCohort("canary", () => [theirs.getStore(), scopeStorage().getStore()?.cohort]);
    expect(seen).toEqual([undefined, "canary"]);
  });

  it("notes no covered span in its set", async () => {
    const theirs = foreign("covered", new WeakSet());
    const { coveredSpans } = await import("../../instrumentation/covered-spans.ts");
    const span = {};
    coveredSpans().add(span);
    expect([theirs.has(span), coveredSpans().has(span)]).toEqual([false, true]);
  });
});

describe("the preload beside a leeway entry of another version", () => {
  it("exports no content where that one set a redaction", async () => {
    foreign("redaction", () => "redacted in a way that is not ours");
    const { currentRedaction } = await import("../../instrumentation/content/redaction.ts");
    expect(currentRedaction()("secret", "input")).toBeNull();
  });
});
