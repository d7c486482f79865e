import { expect, test } from "vitest";
import { renderStatus } from "../../../cli/render/status.ts";
import { MIGRATION, NOW, STATUS } from "../../grafana/status-fixture.ts";

const rendered = (change: Partial<typeof MIGRATION>): string =>
  renderStatus({ ...STATUS, migrations: [{ ...MIGRATION, ...change }] });

test("leeway status says what is in doubt, since when and what to do", () => {
  const doubt = { reason: "ingest-lag", detail: "40 of 100 canary calls came late", since: NOW - 120_000 } as const;
  expect(rendered({ doubts: [doubt] })).toContain(
    "IN DOUBT for 2 min: the newest calls come in late, or not at all: 40 of 100 canary calls came late; look at",
  );
});

test("leeway status says why a stage does not end", () => {
  expect(rendered({ hold: "the time of stage 1 of 2 is up" })).toContain("HELD: the time of stage 1 of 2 is up");
  expect(rendered({})).not.toMatch(/HELD|IN DOUBT/);
});
