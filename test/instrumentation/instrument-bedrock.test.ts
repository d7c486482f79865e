import { afterEach, describe, expect, it } from "vitest";
import { instrumentBedrock } from "../../instrumentation/instrument-bedrock.ts";
import { type SharedHook, shareHook } from "../../instrumentation/shared-hook.ts";

const HOOK = Symbol.for("leeway.hook");

describe("instrumentBedrock", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, HOOK);
  });

  it("gives back the client, untouched, while the preload is not loaded", () => {
    const client = Object.freeze({ middlewareStack: Object.freeze({}) });
    expect(instrumentBedrock(client)).toBe(client);
  });

  it("has the preload follow the client", () => {
    const followed: unknown[] = [];
    const bedrock = { follow: (client: unknown) => void followed.push(client) };
    shareHook({ bedrock } as unknown as SharedHook);
    const client = { middlewareStack: {} };
    expect(instrumentBedrock(client)).toBe(client);
    expect(followed).toEqual([client]);
  });
});
