import { expect, test } from "vitest";
import { collectorSettingsOf } from "../../agent/start-collector.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";

const { listen, token, hosts, tls, spool, batch } = DEFAULT_COLLECTOR_SETTINGS;
const section = { listen, token, hosts, tls, spool };

test("what leeway.yaml says of holding calls is what the collector does, and its default the collector's", () => {
  expect(collectorSettingsOf({ ...section, hold: 6000 })).toEqual({
    ...DEFAULT_COLLECTOR_SETTINGS,
    batch: { ...batch, maxDelayMs: 6000 },
  });
  expect(collectorSettingsOf({ ...section, hold: 500 })).toEqual(DEFAULT_COLLECTOR_SETTINGS);
});
