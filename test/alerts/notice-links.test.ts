import { describe, expect, it } from "vitest";
import { type DashboardPlace, noticeLinks } from "../../alerts/notice-links.ts";
import { completeNotice, type StoredNotice } from "../../core/notice.ts";
import { aNotice, MALICIOUS } from "./a-notice.ts";

const AT = Date.UTC(2026, 10, 20, 2, 14);
const GRAFANA: DashboardPlace = {
  url: "https://grafana.example/ops/?orgId=1#x",
  dashboard: "leeway-migration",
  datasource: null,
};
const linksOf = (
  changes: Partial<Parameters<typeof noticeLinks>[0]> = {},
  where: { since: number | null; segment: string } = { since: null, segment: "" },
) =>
  noticeLinks(
    { migration: { name: "support-bot" }, at: AT, link: "https://leeway.example/", dashboard: GRAFANA, ...changes },
    where,
  );

describe("the links of a notice", () => {
  it("lead to the migration on the agent's page, to the dashboard around it, and to the runbook", () => {
    const migration = { name: "support-bot", runbook: "https://wiki.example/llm" };
    const since = AT - 20 * 60_000;
    const { page, all } = linksOf({ migration }, { since, segment: "tenant=a&b" });
    expect(page).toBe("https://leeway.example/#support-bot");
    expect(all.map(({ label }) => label)).toEqual(["Leeway's page", "Dashboard", "Runbook"]);
    const dashboard = new URL(all[1]?.url ?? "");
    expect(dashboard.origin + dashboard.pathname).toBe("https://grafana.example/ops/d/leeway-migration");
    expect(Object.fromEntries(dashboard.searchParams)).toEqual({
      from: String(since - 30 * 60_000),
      to: String(AT + 30 * 60_000),
      "var-migration": "support-bot",
      "var-segment": "tenant=a&b",
    });
    expect(all[2]?.url).toBe("https://wiki.example/llm");
  });

  it("choose the datasource that is configured, and every segment where the harm is in none", () => {
    const query = new URL(linksOf({ dashboard: { ...GRAFANA, datasource: "ch 1" } }).all[1]?.url ?? "").searchParams;
    expect(query.get("var-datasource")).toBe("ch 1");
    expect(query.get("var-segment")).toBe("all");
  });

  it.each(["http://127.0.0.1:4320/", "http://localhost:4320/", "http://[::1]:4320/"])(
    "say that %s only works on the agent's machine",
    (link) => expect(linksOf({ link }).all[0]?.label).toBe("Leeway's page (only on the agent's machine)"),
  );

  it("leave out what is not configured", () => {
    expect(linksOf({ link: "", dashboard: null })).toEqual({ page: "", all: [] });
  });

  it.each(MALICIOUS)("carry %s from production encoded, or not at all", (_what, text) => {
    for (const { url } of linksOf({ migration: { name: text } }, { since: null, segment: text }).all) {
      expect(url).toMatch(/^https:\/\/(leeway|grafana)\.example\/[\x21-\x7e]*$/);
      expect(url).not.toMatch(/[<>"|\s]/);
      expect(url.length).toBeLessThanOrEqual(2_000);
    }
  });
});

describe("a notice of an earlier version", () => {
  it("has the summary as its only part, and the link as its only one", () => {
    const { sections: _sections, links: _links, severity: _severity, phase: _phase, ...stored } = aNotice();
    const complete = completeNotice(stored satisfies StoredNotice);
    expect(complete.sections).toEqual([["What happened", stored.summary]]);
    expect(complete.links).toEqual([{ label: "Leeway's page", url: stored.link }]);
    expect(completeNotice({ ...stored, link: "" }).links).toEqual([]);
  });
});
