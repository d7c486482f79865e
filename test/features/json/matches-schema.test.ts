import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { matchesSchema } from "../../../features/json/matches-schema.ts";

const ORDER = {
  type: "object",
  properties: {
    id: { type: "integer", minimum: 1 },
    status: { type: "string", enum: ["open", "closed"] },
    tags: { type: "array", items: { type: "string", maxLength: 5 }, maxItems: 2 },
    note: { type: ["string", "null"] },
    parent: { anyOf: [{ $ref: "#" }, { type: "null" }] },
    address: { $ref: "#/$defs/address" },
    kind: { const: "order" },
  },
  required: ["id", "status"],
  additionalProperties: false,
  $defs: { address: { type: "object", properties: { city: { type: "string", minLength: 1 } }, required: ["city"] } },
};

const ok = { id: 1, status: "open" };

const CASES: readonly (readonly [string, unknown, unknown, boolean])[] = [
  ["required members only", ORDER, ok, true],
  [
    "every member",
    ORDER,
    { ...ok, tags: ["a"], note: null, parent: null, address: { city: "Oslo" }, kind: "order" },
    true,
  ],
  ["itself inside itself", ORDER, { ...ok, parent: { ...ok, parent: ok } }, true],
  ["something wrong deep inside", ORDER, { ...ok, parent: { ...ok, parent: { id: 0, status: "open" } } }, false],
  ["a missing member", ORDER, { id: 1 }, false],
  ["a member nobody declared", ORDER, { ...ok, extra: 1 }, false],
  ["what every object inherits is no member", ORDER, { ...ok, constructor: 1 }, false],
  ["a value outside the list", ORDER, { ...ok, status: "pending" }, false],
  ["a fraction for a whole number", ORDER, { ...ok, id: 1.5 }, false],
  ["a number below its minimum", ORDER, { ...ok, id: 0 }, false],
  ["too many elements", ORDER, { ...ok, tags: ["a", "b", "c"] }, false],
  ["too long an element", ORDER, { ...ok, tags: ["abcdef"] }, false],
  ["characters beyond the BMP count once", ORDER, { ...ok, tags: ["😀😀😀😀😀"] }, true],
  ["null where it is not allowed", ORDER, { ...ok, address: null }, false],
  ["a referenced schema", ORDER, { ...ok, address: { city: "" } }, false],
  ["another constant", ORDER, { ...ok, kind: "offer" }, false],
  ["a list for an object", ORDER, [ok], false],
  ["one of several", { oneOf: [{ type: "string" }, { type: "number" }] }, 3, true],
  ["two of one", { oneOf: [{ type: "number" }, { minimum: 0 }] }, 3, false],
  ["all of several", { allOf: [{ type: "number" }, { maximum: 2 }] }, 3, false],
  ["exclusive bounds", { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 1, false],
  ["a multiple, as floats have it", { multipleOf: 0.1 }, 0.3, true],
  ["no multiple", { multipleOf: 0.1 }, 0.35, false],
  ["a tuple", { prefixItems: [{ type: "string" }], items: { type: "number" } }, ["a", 1, "b"], false],
  ["schemas for further members", { additionalProperties: { type: "number" } }, { a: 1, b: "2" }, false],
  ["counts of members", { minProperties: 2 }, { a: 1 }, false],
  ["an enum of objects", { enum: [{ a: 1 }] }, { a: 1 }, true],
  ["anything", true, { a: 1 }, true],
  ["nothing", false, 1, false],
];

describe("matchesSchema", () => {
  it.each(CASES)("judges %s", (_what, schema, value, expected) => {
    expect(matchesSchema(schema, value)).toBe(expected);
  });

  it.each(CASES.filter(([, schema]) => typeof schema === "object" && !("prefixItems" in (schema as object))))(
    "agrees with an independent validator on %s",
    (_what, schema, value, expected) => {
      const validate = new Ajv({ strict: false, multipleOfPrecision: 9 }).compile(schema as object);
      expect(validate(value)).toBe(expected);
    },
  );

  it.each([
    ["upper-case types", { type: "OBJECT", properties: { a: { type: "STRING" } } }, { a: 1 }, false],
    ["nullable", { type: "STRING", nullable: true }, null, true],
    ["lengths as text", { type: "STRING", maxLength: "2" }, "abc", false],
  ])("knows Gemini's %s", (_what, schema, value, expected) => {
    expect(matchesSchema(schema, value)).toBe(expected);
  });

  it.each([
    ["a pattern", { type: "string", pattern: "^(a+)+$" }, "aaaa"],
    ["a negation", { not: { type: "string" } }, 1],
    ["a reference to elsewhere", { $ref: "https://example.com/schema" }, 1],
    ["a reference to nothing", { $ref: "#/$defs/none" }, 1],
    ["a type nobody knows", { type: "date" }, 1],
    ["a schema that is none", "string", 1],
    ["an endless reference", { $ref: "#" }, 1],
  ])("leaves %s unknown", (_what, schema, value) => {
    expect(matchesSchema(schema, value)).toBeNull();
  });

  it("is sure of a failure beside what it does not know", () => {
    expect(matchesSchema({ type: "string", pattern: "x" }, 1)).toBe(false);
  });

  it("stops at a bounded amount of work, and says so", () => {
    const many = {
      anyOf: Array.from({ length: 300 }, () => ({ type: "array", items: { type: "string", minLength: 99 } })),
    };
    const start = performance.now();
    expect(
      matchesSchema(
        many,
        Array.from({ length: 5000 }, () => "a"),
      ),
    ).toBe(false);
    const wide = { type: "array", items: { anyOf: Array.from({ length: 30 }, () => ({ type: "string" })) } };
    expect(
      matchesSchema(
        wide,
        Array.from({ length: 5000 }, (_, at) => at),
      ),
    ).toBe(false);
    expect(
      matchesSchema(
        { type: "array", items: { type: "number" } },
        Array.from({ length: 50_000 }, () => 1),
      ),
    ).toBeNull();
    expect(performance.now() - start).toBeLessThan(500);
  });
});
