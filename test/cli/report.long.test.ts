import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { newRecord } from "../../agent/case/case-records.ts";
import { encodeSpanRow } from "../../core/span-row.ts";
import { openStore } from "../../store/open-store.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { freePort } from "../package/start-agent.ts";
import { aSpan, T0 } from "../store/a-span.ts";
import { recordingLog } from "../store/recording-log.ts";
import { embeddedSettings } from "../store/test-store.ts";
import { leeway } from "./leeway.ts";

const MINUTES = 4;
let folder: string;

const DECIDED: Parameters<typeof newRecord>[0] = {
  ...{ migration: "m", document: "v2:a", decision: "migrate", by: "ana", reason: "the baseline ends" },
  ...{ revisit: null, advice: "migrate" },
};

const span = (cohort: "canary" | "baseline", i: number) => {
  const model = cohort === "canary" ? "new" : "old";
  const error = cohort === "canary" && i % 3 === 0 ? 1 : 0;
  return aSpan({ cohort, end_ms: T0 + i * 1000, error, request_model: model, response_model: model });
};

/** Minutes of a canary that fails every third call, of a migration with a document and of one whose document is gone. */
beforeAll(async () => {
  folder = temporaryDirectory({
    "leeway.yaml": `store: { port: ${await freePort()} }\nflags: { prod: { type: builtin } }\n`,
    "migrations/m.yaml": documentText({ route: "route: { flag: model, target: prod }" }),
    "decisions.jsonl": `${JSON.stringify(newRecord(DECIDED, T0))}\n`,
    "file.txt": "",
  });
  const { log } = recordingLog();
  const store = await openStore(embeddedSettings(`${folder}/.leeway`), { log, now: Date.now });
  const rows = Array.from({ length: MINUTES * 60 }, (_, i) => [span("canary", i), span("baseline", i)]).flat();
  await store.insertSpans({ token: "all", lines: rows.map(encodeSpanRow).join(""), rows: rows.length });
  const { hash } = migrationOf(documentText());
  const started = { type: "started", hash, stage: 0, share: 0.05 } as const;
  await store.appendLedger(
    ["m", "gone"].map((migration) => ({
      ...{ id: `${migration}:started`, at: T0, migration, by: "agent", incident: "" },
      event: started,
    })),
  );
  for (let minute = 0; minute < MINUTES; minute++) {
    const [from, to] = [T0 + minute * 60_000, T0 + (minute + 1) * 60_000];
    await store.foldTick({ migration: "m", from, to, stage: 0, share: 0.05, segments: [] });
  }
  await store.close();
});

describe("leeway report", () => {
  it("writes both files, with the evidence of stored ticks that no entry tells of", async () => {
    const { code, stdout } = await leeway(folder, ["report", "m", "--out", "reports"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("m.report.html")]);
    expect(readdirSync(`${folder}/reports`).sort()).toEqual(["m.report.html", "m.report.md"]);
    const page = readFileSync(`${folder}/reports/m.report.html`, "utf8");
    expect(page).toContain('<polyline class="value"');
    expect(page).toContain("the baseline ends");
    expect(page).toContain("Hand-offs: not known");
  });

  it("prints what the ledger tells of a migration whose document is gone", async () => {
    const { code, stdout } = await leeway(folder, ["report", "gone"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("there is no document of this migration")]);
  });

  it.each([
    [["report", "nobody"], "no document declares it, and the ledger knows nothing of it"],
    [["report", "../m"], "is no name of a migration"],
    [["report", "m", "--format", "pdf"], "expected one of: markdown, html, both"],
    [["report", "m", "--format", "both"], "expected --out"],
    [["report", "m", "--out", "file.txt"], "cannot be written"],
  ])("%j ends with 2 and says what to do", async (args, text) => {
    const { code, stderr } = await leeway(folder, args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
  });
});
