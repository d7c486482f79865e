import { expect, test } from "vitest";
import { encodeLine } from "../../core/encode-line.ts";

test.each([
  ["plain cells", ["a", 1, null, { k: "v" }, []], '["a",1,null,{"k":"v"},[]]\n'],
  ["whole pairs of surrogates", ["👋"], '["👋"]\n'],
  ["a lone surrogate", ["a\ud83d"], '["a\ufffd"]\n'],
  ["a lone surrogate in a map", [{ k: "\udc4b" }], '[{"k":"\ufffd"}]\n'],
  ["text that looks like an escape", ["\\ud83d"], '["\\\\ud83d"]\n'],
  ["line breaks", ["a\nb\r"], '["a\\nb\\r"]\n'],
])("encodes %s as one line", (_what, cells, line) => {
  expect(encodeLine(cells)).toBe(line);
});
