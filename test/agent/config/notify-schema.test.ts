import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../agent/config/problem.ts";
import { readSettings } from "../../../agent/config/read-settings.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const CHANNELS = "alerts: [{ type: stdout }, { type: slack, name: chat, url: 'https://hooks.example/secret' }]";

const read = (notify: string, alerts = CHANNELS) => {
  const folder = temporaryDirectory({ "leeway.yaml": `${alerts}\nnotify: ${notify}\n` });
  return readSettings(join(folder, "leeway.yaml"), {});
};
const problemsOf = (notify: string, alerts?: string): readonly string[] => {
  const result = read(notify, alerts);
  return "problems" in result
    ? result.problems.map(formatProblem).map((line) => line.replace(/^.*?: notify/, "notify"))
    : [];
};

describe("notify:", () => {
  it("takes one or a list, and fills in what is left out", () => {
    const result = read(
      "{ environment: prod, routes: [{ match: { owner: a, severity: [critical] }, channels: chat }, { channels: [stdout] }] }",
    );
    const waits = { groupWait: null, groupInterval: null };
    const nothing = { migration: [], owner: [], severity: [], environment: [] };
    expect("settings" in result ? result.settings.notify : result.problems).toEqual({
      ...{ environment: "prod", groupWait: 0, groupInterval: 0, repeatInterval: 14_400_000, quietHours: null },
      routes: [
        { match: { ...nothing, owner: ["a"], severity: ["critical"] }, channels: ["chat"], continue: false, ...waits },
        { match: nothing, channels: ["stdout"], continue: false, ...waits },
      ],
    });
  });

  it("reads what a route alone waits", () => {
    const result = read("{ routes: [{ channels: chat, groupWait: 1m, groupInterval: 10m }] }");
    expect("settings" in result ? result.settings.notify.routes : result.problems).toMatchObject([
      { groupWait: 60_000, groupInterval: 600_000 },
    ]);
  });

  it("reads times as people write them", () => {
    const result = read(
      '{ groupWait: 30s, groupInterval: 5m, repeatInterval: null, quietHours: { from: "22:00", to: "06:30", zone: Europe/Berlin } }',
    );
    expect("settings" in result ? result.settings.notify : result.problems).toEqual({
      ...{ environment: null, groupWait: 30_000, groupInterval: 300_000, repeatInterval: null, routes: [] },
      quietHours: { from: 1320, to: 390, zone: "Europe/Berlin" },
    });
  });

  it.each([
    ["{ groupWait: 30 }", "notify.groupWait: 30; expected a duration such as 200ms, 5s, 4h or 14d"],
    ["{ groupWait: 2h }", "notify.groupWait: not usable; expected at most 1h"],
    ["{ groupInterval: 2d }", "notify.groupInterval: not usable; expected at most 24h"],
    ["{ repeatInterval: 10s }", "notify.repeatInterval: not usable; expected at least 1m, or null: never"],
    ["{ repeatInterval: -4h }", 'notify.repeatInterval: "-4h"; expected a duration such as 200ms, 5s, 4h or 14d'],
    ["{ quietHours: { from: '22:00', to: '07:00' } }", "notify.quietHours.zone: missing; expected text"],
    [
      "{ quietHours: { from: '22:00', to: '07:00', zone: Berlin } }",
      "notify.quietHours.zone: unknown time zone; expected an IANA name such as Europe/Berlin or UTC",
    ],
    [
      "{ quietHours: { from: '24:00', to: '7am', zone: UTC } }",
      'notify.quietHours.from: not usable; expected a time of day from "00:00" to "23:59"',
    ],
    ["{ quietHours: { from: 22, to: '07:00', zone: UTC } }", "notify.quietHours.from: is a number; expected text"],
    [
      "{ quietHours: { from: '07:00', to: '07:00', zone: UTC } }",
      "notify.quietHours: begin when they end; expected another time, or quietHours: null",
    ],
    ["{ routes: [{ channels: chta }] }", 'notify.routes[0].channels[0]: unknown channel "chta"; did you mean "chat"?'],
    ["{ routes: [{}] }", "notify.routes[0].channels: missing; expected text or a list"],
    ["{ routes: [{ channels: [] }] }", "notify.routes[0].channels: empty; expected at least one entry"],
    [
      "{ routes: [{ channels: chat, match: { team: a } }] }",
      'notify.routes[0].match.team: unknown key "team"; expected one of migration, owner, severity, environment',
    ],
    [
      "{ routes: [{ channels: chat, match: { severity: criticl } }] }",
      'notify.routes[0].match.severity: "criticl"; expected critical, warning, info or a list',
    ],
    [
      "{ routes: [{ channels: chat, match: { owner: '********a*b*c*d*e*f' } }] }",
      "notify.routes[0].match.owner: too many *; expected at most 5",
    ],
    ["{ routes: [{ channels: chat, match: { owner: '' } }] }", "notify.routes[0].match.owner: empty; expected text"],
    [
      "{ routes: [{ channels: chat, continue: yes please }] }",
      "notify.routes[0].continue: is text; expected true or false",
    ],
    ["{ rotes: [] }", 'notify.rotes: unknown key "rotes"; did you mean "routes"?'],
    ["7", "notify: is a number; expected keys with values"],
  ])("%s", (notify, problem) => {
    expect(problemsOf(notify)).toContainEqual(problem);
  });

  it("names the place where there is no channel at all", () => {
    expect(problemsOf("{ routes: [{ channels: chat }] }", "alerts: []")).toEqual([
      'notify.routes[0].channels[0]: "chat", but alerts: has no channel; expected one there',
    ]);
  });
});
