import { expect, it } from "vitest";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const plain = migrationOf(documentText());

it("changes no hash of a document that skips no check, and every hash of one that does", () => {
  expect(migrationOf(documentText({}, "preflight: { skip: [] }")).hash).toBe(plain.hash);
  expect(migrationOf(documentText({}, "preflight: {}")).earlierHashes).toEqual(plain.earlierHashes);
  const skips = migrationOf(documentText({}, "preflight: { skip: [flag, segments] }"));
  expect(skips.hash).not.toBe(plain.hash);
  expect(skips.earlierHashes).not.toEqual(plain.earlierHashes);
  expect(migrationOf(documentText({}, "preflight: { skip: [segments, flag, flag] }")).hash).toBe(skips.hash);
});

it("refuses a check that there is none of", () => {
  expect(problemsOf(documentText({}, "preflight: { skip: [drill-bit] }")).join()).toContain("preflight.skip");
  expect(problemsOf(documentText({}, "preflight: none")).join()).toContain("preflight");
});
