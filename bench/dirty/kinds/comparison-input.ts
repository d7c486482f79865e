import { gzipSync } from "node:zlib";
import type { DirtyCase, DirtyKind } from "../case.ts";
import { exitOfCompare } from "../exit-of-compare.ts";

/** Equal answers, 200 a side. */
const lines = (fields: (i: number) => object = () => ({})): readonly string[] =>
  Array.from({ length: 400 }, (_, i) =>
    JSON.stringify({
      cohort: i % 2 ? "canary" : "baseline",
      output: `Your order ${i % 7} is on its way.`,
      ...fields(i),
    }),
  );

const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, "utf16le");

const sibling = (input: string, before: string, content: string | Uint8Array, right = "exit 0"): DirtyCase => ({
  ...{ input, right, before, measure: () => exitOfCompare(content) },
  isRight: (said) => said === right,
});

const ofProvider = (i: number): object => ({ finish_reason: i % 2 ? "end_turn" : "stop" });

/** Files as people have them, of equal answers: none of it is a change, and none of it ends the command. */
export const comparisonInput: DirtyKind = {
  kind: "compare: input as people have it",
  cases: [
    sibling("byte order mark", "exit 0", `\ufeff${lines().join("\n")}`),
    sibling("UTF-16", "exit 2", utf16(lines().join("\n"))),
    sibling("gzip", "exit 2", gzipSync(lines().join("\n"))),
    sibling("one JSON list", "exit 2", `[${lines().join(",\n")}]`),
    sibling(
      "null in optional keys",
      "exit 2",
      lines(() => ({ task: null, latency_ms: null, scores: null })).join("\n"),
    ),
    sibling("numbers as ids", "exit 2", lines((i) => ({ conversation_id: i })).join("\n")),
    sibling("scores true and false", "exit 2", lines(() => ({ scores: { ok: true } })).join("\n")),
    sibling("messages as prompt", "exit 2", lines(() => ({ prompt: [{ role: "user", content: "Hi" }] })).join("\n")),
    sibling("a line cut short", "exit 2", [...lines(), '{"cohort":"can'].join("\n")),
    sibling(
      "one line in eight cut short",
      "",
      lines()
        .map((l, i) => (i % 8 ? l : l.slice(9)))
        .join("\n"),
      "exit 4",
    ),
    sibling("finish reasons of two providers", "exit 1", lines(ofProvider).join("\n")),
  ],
};
