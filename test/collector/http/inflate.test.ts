import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { declaredSize, inflate, inflationLimit } from "../../../collector/http/inflate.ts";

const MIB = 1024 ** 2;

test.each([
  ["a body of a few bytes", 20, MIB],
  ["a body of 16 KB", 16_000, 3_200_000],
  ["a body of 1 MB", MIB, 16 * MIB],
])("%s may be inflated within a ratio", (_what, bytes, limit) => {
  expect(inflationLimit(bytes, 16 * MIB)).toBe(limit);
});

test("never beyond the limit of all bodies", () => {
  expect(inflationLimit(20, 5000)).toBe(5000);
});

test.each([
  ["of a whole body", gzipSync("a".repeat(70_000)), 70_000],
  ["of several members: the last one's", Buffer.concat([gzipSync("abc"), gzipSync("b")]), 1],
  ["of a body that is no gzip", Buffer.from("abc"), 0],
])("reads the declared size %s", (_what, bytes, size) => {
  expect(declaredSize(bytes)).toBe(size);
});

const whole = Buffer.from("a".repeat(5000));
const zipped = gzipSync(whole);

test.each([
  ["a whole body", zipped, 5000, { outcome: "inflated", bytes: whole }],
  ["a byte too many", zipped, 4999, { outcome: "too-large" }],
  [
    "several members",
    Buffer.concat([zipped, gzipSync("b")]),
    5001,
    { outcome: "inflated", bytes: Buffer.from(`${whole}b`) },
  ],
  ["several members, too many", Buffer.concat([zipped, zipped]), 9999, { outcome: "too-large" }],
  ["nothing of it", Buffer.alloc(0), 100, { outcome: "malformed" }],
  ["what is no gzip", whole, 5000, { outcome: "malformed" }],
  ["half of it", zipped.subarray(0, zipped.length / 2), 5000, { outcome: "malformed" }],
])("%s", async (_what, bytes, limit, expected) => {
  expect(await inflate(bytes, limit)).toEqual(expected);
});
