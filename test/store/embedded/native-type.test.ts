import { describe, expect, it } from "vitest";
import { type NativeType, parseNativeType } from "../../../store/embedded/native-type.ts";

const show = ({ name, inner }: NativeType): string =>
  inner.length === 0 ? name : `${name}<${inner.map(show).join(" ")}>`;

describe("parseNativeType", () => {
  it.each([
    ["UInt8", "UInt8"],
    ["Array(Nullable(String))", "Array<Nullable<String>>"],
    ["Map(LowCardinality(String), UInt64)", "Map<LowCardinality<String> UInt64>"],
    ["Tuple(a UInt8, `b c` Array(String))", "Tuple<UInt8 Array<String>>"],
    ["Tuple(UInt8, DateTime64(3, 'UTC'))", "Tuple<UInt8 DateTime64>"],
    ["Enum8('a, (b' = 1, 'it\\'s' = 2)", "Enum8"],
    ["SimpleAggregateFunction(sum, UInt64)", "SimpleAggregateFunction<UInt64>"],
  ])("takes %s apart", (text, expected) => {
    expect(show(parseNativeType(text))).toBe(expected);
  });
});
