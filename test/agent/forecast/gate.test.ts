import { expect, it } from "vitest";
import { forecastRamp } from "../../../agent/forecast/forecast-ramp.ts";
import { renderForecast } from "../../../cli/render/forecast.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const RULES = `rules:
  - { signal: error, limit: 5%, unit: absolute, severity: rollback }
  - { signal: support_tickets, limit: 8%, unit: relative, direction: increase, severity: pause }`;
const TRAFFIC = { callsPerDay: 20_000, users: 20_000 };
const foreseen = (gate: string) => {
  const stages = `stages: [{ canary: 20%, for: 12h${gate} }]`;
  const migration = migrationOf(documentText({ stages, rules: RULES }));
  const forecast = forecastRamp(migration, TRAFFIC, () => undefined);
  return { forecast, text: renderForecast(migration, forecast, TRAFFIC).join("\n") };
};

it("names the gate that would let a stage end in its time, and such a gate does", () => {
  const all = foreseen("");
  expect(all.forecast.stages[0]?.medianMs).toBeNull();
  expect(all.forecast.stages[0]?.holding.map(({ rule }) => rule.id)).toEqual(["support_tickets"]);
  expect(all.text).toContain("ERROR: stage 1 does not end within 5.0 d, 10 times its time");
  expect(all.text).toContain("gate: [error] would let it end in its time");

  const gated = foreseen(", gate: [error]");
  expect(gated.forecast.stages[0]).toMatchObject({ medianMs: 12 * 3_600_000, heldBy: [], holding: [] });
}, 120_000);
