import { expect, test } from "vitest";
import { renderStatus } from "../../../cli/render/status.ts";
import { aFinding } from "../../fixtures/a-finding.ts";
import { MIGRATION, NOW, STATUS } from "../../status/status-fixture.ts";

const rendered = (change: Partial<typeof MIGRATION>): string =>
  renderStatus({ ...STATUS, migrations: [{ ...MIGRATION, ...change }] });

test("leeway status says what is in doubt, since when and what to do", () => {
  const doubt = { reason: "ingest-lag", detail: "40 of 100 canary calls came late", since: NOW - 120_000 } as const;
  expect(rendered({ doubts: [doubt] })).toContain(
    "IN DOUBT for 2 min: the newest calls come in late, or not at all: 40 of 100 canary calls came late; look at",
  );
});

test("leeway status has one line per finding, says what changed between the arms, and the notes", () => {
  const exampleSpans = [{ trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", span_id: "00f067aa0ba902b7" }];
  const differences = [{ what: "model", baseline: "gpt-4o", canary: "gpt-5" }] as const;
  const text = rendered({
    shape: {
      findings: [aFinding({ segment: "input_type=json", also: ["starts_with_fence"], exampleSpans, since: NOW })],
      notes: ["the traffic mix changed"],
      attribution: { changed: ["model"], text: "model", differences },
    },
  });
  expect(text).toMatch(
    /FINDING code fence: code_fence up from 2% to 88% in input_type=json \(effect 2.15; also starts_with_fence\), since \d{4}-.* UTC, e.g. trace 4bf9/,
  );
  expect(text).toContain("what changed between the arms: model (model gpt-4o to gpt-5)");
  expect(text).toContain("note: the traffic mix changed");
});

test("leeway status says what is not known of the calls", () => {
  const note = "no canary call says that it comes from gpt-5";
  expect(rendered({ notes: [note] })).toContain(`NOT KNOWN: ${note}`);
  expect(rendered({})).not.toContain("NOT KNOWN");
});

test("leeway status says of calls that the store does not tell that they are unknown, never that there were none", () => {
  const text = rendered({ calls: null, shareObserved: null, newestCall: null });
  expect(text).toContain("seen unknown (the store does not answer)");
  expect(text).toContain("newest call unknown; judged up to");
  expect(text).not.toMatch(/0 of 0|no call in the last hour/);
});

test("leeway status says why a stage does not end", () => {
  expect(rendered({ hold: "the time of stage 1 of 2 is up" })).toContain("HELD: the time of stage 1 of 2 is up");
  expect(rendered({})).not.toMatch(/HELD|IN DOUBT/);
});

test("leeway status says of each undecided rule what it takes, and once what is true of several", () => {
  const undecided = MIGRATION.verdicts.filter(({ verdict }) => verdict.outcome === "undecided");
  const text = rendered({ verdicts: [...undecided, ...undecided] });
  expect(text.split("\n")).toContain(
    "  refusal, refusal: too few calls to judge yet: in input_type=faq 287 canary and 5,412 baseline calls with the signal",
  );
});

test("leeway status names spans about a model that are no calls, and what is missing", () => {
  const spans = { scope: "app", name: "ask", word: "", reason: "no-model", spans: 1200 } as const;
  const text = renderStatus({ ...STATUS, untaken: Array.from({ length: 14 }, () => spans) });
  expect(text).toContain('NO CALLS: 1,200 spans "ask" of app: it names no model; a call has gen_ai.operation.name');
  expect(text).toContain("NO CALLS: 2 more kinds of spans; see --json");
  expect(renderStatus(STATUS)).not.toContain("NO CALLS");
});
