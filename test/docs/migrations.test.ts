import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { PLAYBOOK } from "../../agent/config/rule-schema.ts";
import { SIGNALS } from "../../core/signals.ts";

const text = readFileSync(new URL("../../docs/migrations.md", import.meta.url), "utf8");

test("the playbook in the documentation is the playbook", () => {
  const block = /```yaml\n(- \{ signal: error[\s\S]*?)```/.exec(text)?.[1] ?? "";
  expect(parse(block)).toEqual(PLAYBOOK);
});

test.each(Object.keys(SIGNALS))("the documentation describes the signal %s", (signal) => {
  expect(text).toContain(`\`${signal}\``);
});
