import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readRecords } from "../../../agent/compare/read-records.ts";
import { reportLines } from "../../../agent/compare/read-report.ts";
import type { Arm } from "../../../core/cohort.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory({});

const read = (content: string | Uint8Array, cohort: Arm | null = null, isStrict = false) => {
  const path = join(directory, "records.jsonl");
  writeFileSync(path, content);
  return readRecords(path, cohort, isStrict);
};

const one = async (entry: object) => {
  const { records, report } = await read(JSON.stringify({ cohort: "canary", output: "Hi.", ...entry }));
  return { record: records[0], remarks: report.remarks.map(({ reason }) => reason) };
};

const LINES = ['{"cohort":"baseline","output":"Grüße, 你好 😀"}', '{"cohort":"canary","output":"two"}'];
const TEXT = LINES.join("\n");

const utf16 = (text: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

describe("a file is read however it is written:", () => {
  test.each<[string, string | Uint8Array]>([
    ["UTF-8", TEXT],
    ["with a byte order mark", `\ufeff${TEXT}`],
    ["with one before each part", LINES.map((line) => `\ufeff${line}`).join("\n")],
    ["with CR LF", LINES.join("\r\n")],
    ["with blank lines", `\n\n${LINES.join("\n \n\t\n")}\n\n`],
    ["UTF-16 LE with a mark", utf16(`\ufeff${TEXT}`, false)],
    ["UTF-16 BE with a mark", utf16(`\ufeff${TEXT}`, true)],
    ["UTF-16 LE without", utf16(TEXT, false)],
    ["UTF-16 BE without", utf16(TEXT, true)],
    ["gzip", gzipSync(TEXT)],
    ["gzip of UTF-16", gzipSync(utf16(`\ufeff${TEXT}`, false))],
    ["one JSON list", `[${LINES.join(",")}]`],
    [
      "one JSON list over many lines",
      JSON.stringify(
        LINES.map((line) => JSON.parse(line)),
        null,
        2,
      ),
    ],
    ["a list with a mark and CR LF", `\ufeff\r\n[\r\n${LINES.join(",\r\n")}\r\n]\r\n`],
  ])("%s", async (_name, content) => {
    const { records, report } = await read(content);
    expect(records.map(({ cohort, output }) => [cohort, output])).toEqual([
      ["baseline", "Grüße, 你好 😀"],
      ["canary", "two"],
    ]);
    expect(reportLines(report)).toEqual([]);
  });

  test("separators of lines inside strings belong to them", async () => {
    const { records } = await read('{"cohort":"canary","output":"a\u2028b\u2029c\u0085d"}\n');
    expect(records[0]?.output).toBe("a\u2028b\u2029c\u0085d");
  });

  test("an empty file holds nothing", async () => {
    expect(await read("")).toMatchObject({ records: [], report: { entries: 0, lost_share: 0 } });
  });
});

describe("a record is read as people have it:", () => {
  test("null, and an empty text, are unknown in every optional key", async () => {
    const keys = ["task", "prompt_id", "conversation_id", "latency_ms", "output_tokens", "finish_reason", "scores"];
    for (const value of [null, ""]) {
      const { record, remarks } = await one(Object.fromEntries(keys.map((key) => [key, value])));
      expect([keys.filter((key) => record?.[key as keyof typeof record] !== undefined), remarks]).toEqual([[], []]);
    }
  });

  test.each<[string, object, object]>([
    [
      "a number as id",
      { prompt_id: 7, task: 0, conversation_id: 12 },
      { prompt_id: "7", task: "0", conversation_id: "12" },
    ],
    ["text as number", { latency_ms: "812.5", output_tokens: "7" }, { latency_ms: 812.5, output_tokens: 7 }],
    ["a fraction as tokens", { output_tokens: 7.0 }, { output_tokens: 7 }],
    ["scores", { scores: { a: true, b: false, c: null, d: "0.5", e: 2 } }, { scores: { a: 1, b: 0, d: 0.5, e: 2 } }],
    ["reasons of several choices", { finish_reason: ["stop", "length"] }, { finish_reason: "stop" }],
    ["a cohort in capitals", { cohort: " Canary" }, { cohort: "canary" }],
    ["an answer that is a number", { output: 42 }, { output: "42" }],
    ["an answer that is yes or no", { output: false }, { output: "false" }],
    ["a structured answer", { output: { total: 3 } }, { output: '{"total":3}' }],
    [
      "an answer in parts",
      {
        output: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { output: "ab" },
    ],
    ["an answer as a message", { output: { role: "assistant", content: "yes" } }, { output: "yes" }],
    ["tool calls alone", { output: null, tool_calls: [{ id: "c1" }] }, { output: null, callsTools: true }],
    ["tool calls by reason", { output: null, finish_reason: "tool_calls" }, { output: null, callsTools: true }],
    ["tool calls beside an empty text", { output: "", tool_calls: [{ id: "c1" }] }, { output: null, callsTools: true }],
    ["no answer", { output: null }, { output: null, callsTools: false }],
    ["an empty answer", { output: "" }, { output: "" }],
  ])("%s", async (_name, entry, expected) => {
    const { record, remarks } = await one(entry);
    expect(record).toMatchObject(expected);
    expect(remarks).toEqual([]);
  });

  test("keys that nobody reads may hold anything", async () => {
    const deep = JSON.parse(`${"[".repeat(80)}1${"]".repeat(80)}`);
    const { record, remarks } = await one({ prompt: [{ role: "user", content: deep }], ts: 1700000000, model: null });
    expect([record?.output, remarks]).toEqual(["Hi.", []]);
    expect((await read('{"cohort":"canary","output":"a","x":1,"x":2}')).records).toHaveLength(1);
  });

  test("what is no number in Python is unknown", async () => {
    const { records } = await read(
      '{"cohort":"canary","output":"NaN","latency_ms":NaN,"scores":{"a":-Infinity,"b":1}}',
    );
    expect(records).toMatchObject([{ output: "NaN", latency_ms: undefined, scores: { b: 1 } }]);
  });

  test.each<[string, object, string]>([
    ["a negative time", { latency_ms: -3 }, "latency_ms: not usable; expected a number, 0 or more"],
    ["a time in words", { latency_ms: "fast" }, "latency_ms: not usable; expected a number, 0 or more"],
    ["a score in words", { scores: { tone: "good" } }, "scores: not usable; expected numbers, true or false"],
    ["a list of scores", { scores: [1, 2] }, "scores: not usable; expected names with numbers"],
    ["an object as id", { prompt_id: {} }, "prompt_id: not usable; expected text or a number"],
  ])("%s is unknown, and is said", async (_name, entry, reason) => {
    expect((await one(entry)).remarks).toEqual([reason]);
  });
});

describe("what is lost is told at the end, once a reason:", () => {
  const good = Array.from({ length: 6 }, (_, i) =>
    JSON.stringify({ cohort: i % 2 ? "canary" : "baseline", output: "x" }),
  );

  test("how many, why, and the first line of each", async () => {
    const bad = [
      "{",
      '{"cohort":"canary"}',
      "[1]",
      "{{",
      '{"cohort":"canry","output":"x"}',
      '{"cohort":"shadow","output":"x"}',
    ];
    const { records, report } = await read([...good, ...bad].join("\n"));
    expect(records).toHaveLength(6);
    expect(report.left_out.map(({ reason, count, first }) => [reason, count, first.replace(/.*:/, "")])).toEqual([
      ["no JSON; expected one object a line", 2, "7"],
      ["output: missing; expected text", 1, "8"],
      ["no object; expected one a line", 1, "9"],
      ['cohort: unknown value "canry"; did you mean "canary"?', 1, "11"],
      ["cohort: shadow, which is compared with nothing", 1, "12"],
    ]);
    // Shadow answers are left out for what they are.
    expect(report.lost_share).toBeCloseTo(5 / 12);
    expect(reportLines(report)[0]).toMatch(/^6 of 12 entries were left out: 2 × no JSON; .*records\.jsonl:7\), 1 × /);
  });

  test("a cohort that contradicts the option", async () => {
    const { records, report } = await read(good.join("\n"), "baseline");
    expect(records.every(({ cohort }) => cohort === "baseline")).toBe(true);
    expect(report.remarks).toMatchObject([{ reason: "cohort: says canary, given as --baseline", count: 3 }]);
  });

  test("strictly, each of them ends it, with file and line", async () => {
    await expect(read([...good, "{", "{{"].join("\n"), null, true)).rejects.toThrow(
      /records\.jsonl:7: no JSON.*\(2 in all\)/,
    );
    await expect(read(good.join("\n"), "baseline", true)).rejects.toThrow(/given as --baseline/);
    await expect(read(good.join("\n"), null, true)).resolves.toMatchObject({ report: { left_out: [] } });
  });

  test("half a file by the wrong name of its reasons stays one short report", async () => {
    const bad = Array.from({ length: 200 }, (_, i) => JSON.stringify({ cohort: `arm ${i}`, output: "x" }));
    const { report } = await read(bad.join("\n"));
    expect(report.left_out).toHaveLength(21);
    expect(report.left_out.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  });
});

describe("the same entry twice", () => {
  const answer = (i: number) => `The parcel number ${i} is on its way and arrives in three days.`;
  const rows = (fields: (i: number) => object): readonly string[] =>
    Array.from({ length: 20 }, (_, i) => JSON.stringify({ cohort: i % 2 ? "canary" : "baseline", ...fields(i) }));
  const kept = async (lines: readonly string[]) => {
    const { records, report } = await read(lines.join("\n"));
    return [records.length, report.repeated];
  };

  test("counts once where it names its call", async () => {
    const byTime = rows((i) => ({ output: "Yes.", prompt_id: `p${i}`, latency_ms: 500 + i }));
    expect(await kept([...byTime, ...byTime, ...byTime.slice(0, 5)])).toEqual([20, 25]);
    const byId = rows((i) => ({ output: "Yes.", trace_id: `t${i}` }));
    expect(await kept([...byId, ...byId.slice(3)])).toEqual([20, 17]);
    const byText = rows((i) => ({ output: answer(i % 4), prompt_id: `p${i % 4}` }));
    expect(await kept(byText)).toEqual([4, 16]);
  });

  test("counts each time where many calls may be alike", async () => {
    expect(await kept(rows((i) => ({ output: i % 3 ? "Yes." : "No." })))).toEqual([20, 0]);
    expect(await kept(rows((i) => ({ output: "Yes.", prompt_id: `p${i % 4}` })))).toEqual([20, 0]);
  });

  test("counts once where the whole file was written twice", async () => {
    const lines = rows((i) => ({ output: answer(i) }));
    expect(await kept([...lines, ...lines])).toEqual([20, 20]);
    expect(await kept([...lines, ...lines, ...lines.slice(0, 4)])).toEqual([44, 0]);
  });
});

test("a pipe is read like a file", async () => {
  const path = join(directory, "pipe");
  execFileSync("mkfifo", [path]);
  const reading = readRecords(path, null);
  await writeFile(path, TEXT);
  const { records, report } = await reading;
  expect(records).toHaveLength(2);
  expect(report.left_out).toEqual([]);
});
