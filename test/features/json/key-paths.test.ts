import { describe, expect, it } from "vitest";
import { digest } from "../../../features/json/digest.ts";
import { enumeratedPaths } from "../../../features/json/enumerated-paths.ts";
import { keyPathsOf } from "../../../features/json/key-paths.ts";

const pathsOf = (value: unknown, enumerated: readonly string[] = []) => keyPathsOf(value, new Set(enumerated));
const at = (kind: string, path: string) => kind + digest(path);
const sorted = (entries: readonly string[]) => [...entries].sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1));

describe("the key paths of a JSON answer", () => {
  it("tell a key that is there from null and from an empty list", () => {
    const { paths, nulls, emptyArrays } = pathsOf({ a: 1, b: null, c: [], d: { e: "" } });
    expect(paths).toEqual(sorted([at("k", ".a"), at("n", ".b"), at("e", ".c"), at("k", ".d"), at("k", ".d.e")]));
    expect([nulls, emptyArrays]).toEqual([1, 1]);
  });

  it("are the same for every element of a list", () => {
    const paths = sorted([at("k", ".items"), at("k", ".items[].id")]);
    expect(pathsOf({ items: [{ id: 1 }, { id: 2 }] }).paths).toEqual(paths);
    expect(pathsOf({ items: [{ id: 7 }] }).paths).toEqual(paths);
  });

  it("name no key and no value", () => {
    const written = JSON.stringify(pathsOf({ secretName: "secret value", list: ["secret"] }, [".secretName"]));
    expect(written).not.toMatch(/secret/i);
  });

  it("tell values apart only where the schema takes them from a list", () => {
    const [open, closed] = [{ status: "open" }, { status: "closed" }];
    expect(pathsOf(open).paths).toEqual(pathsOf(closed).paths);
    expect(pathsOf(open, [".status"]).paths).toContain(at("v", ".status=open"));
    expect(pathsOf(open, [".status"]).shape).toBe(pathsOf(closed, [".status"]).shape);
  });

  it("count levels of nesting", () => {
    expect([pathsOf({}), pathsOf({ a: 1 }), pathsOf({ a: [{ b: 1 }] })].map(({ depth }) => depth)).toEqual([1, 1, 3]);
  });

  it("give one label of 32 to a set of keys, whatever their order and values", () => {
    expect(pathsOf({ a: 1, b: 2 }).shape).toBe(pathsOf({ b: "x", a: "y" }).shape);
    expect(pathsOf({ a: 1 }).shape).toMatch(/^s(?:[0-2]\d|3[01])$/);
    const shapes = Array.from({ length: 200 }, (_, n) => pathsOf({ [`key${n}`]: 1 }).shape);
    expect(new Set(shapes).size).toBeGreaterThan(25);
  });

  it("keep 64 at most, and of more always the same ones", () => {
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, n]));
    const { paths } = pathsOf(wide);
    expect(paths).toHaveLength(64);
    expect(pathsOf({ ...wide, key500: 1 }).paths.filter((path) => paths.includes(path)).length).toBeGreaterThan(62);
  });

  it("look at a bounded part of a deep and of a long answer", () => {
    const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => ({ a: inner }), 1);
    expect(pathsOf(deep).depth).toBeLessThanOrEqual(17);
    const long = Array.from({ length: 100_000 }, () => null);
    expect(pathsOf(long).nulls).toBeLessThanOrEqual(2000);
  });
});

describe("the enumerated paths of a schema", () => {
  it("follow members and elements", () => {
    const schema = {
      properties: {
        status: { enum: ["a"] },
        items: { items: { properties: { kind: { enum: ["b"] } } } },
        free: { type: "string" },
      },
    };
    expect([...enumeratedPaths(schema)]).toEqual([".status", ".items[].kind"]);
  });

  it("end in a schema that contains itself", () => {
    const schema: Record<string, unknown> = { properties: {} };
    (schema.properties as Record<string, unknown>).self = schema;
    expect(enumeratedPaths(schema).size).toBe(0);
  });
});

describe("digest", () => {
  it("is 12 hex digits, the same every time, and rarely the same for two texts", () => {
    const digests = Array.from({ length: 50_000 }, (_, n) => digest(`.path.${n}`));
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests.every((one) => /^[0-9a-f]{12}$/.test(one))).toBe(true);
    expect(digest(".order.id")).toBe(digest(".order.id"));
  });
});
