import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../../alerts/policy/glob.ts";
import {
  NO_POLICY,
  type NotifyPolicy,
  type NotifyRoute,
  type RouteMatch,
} from "../../../alerts/policy/notify-policy.ts";
import { recipients, unreached, waitsIn } from "../../../alerts/policy/routes.ts";
import { aNotice } from "../a-notice.ts";

const ALL = { migration: [], owner: [], severity: [], environment: [] };
const route = (match: Partial<RouteMatch>, channels: readonly string[], goesOn = false): NotifyRoute => ({
  ...{ match: { ...ALL, ...match }, channels, continue: goesOn, groupWait: null, groupInterval: null },
});
const policy = (...routes: readonly NotifyRoute[]): NotifyPolicy => ({ ...NO_POLICY, routes });
const candidates = (...names: readonly string[]) => names.map((name) => ({ name, hasIncident: false }));
const SUBJECT = { owner: "support-platform", environment: "production" };
const PAUSE = aNotice({ type: "pause", severity: "warning", migration: "support-bot" });
const EVERYBODY = candidates("pager", "chat", "mail");

describe("a pattern", () => {
  it.each([
    ["support-*", "support-bot", true],
    ["support-*", "my-support-bot", false],
    ["*", "", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a.c", "abc", false],
    ["(a+)+$", "(a+)+$", true],
    ["[ab]\\", "[ab]\\", true],
    ["*bot*", "a\nbot\nb", true],
    ["d?h", "d𝒳h", true],
    ["Support", "support", false],
    ["", "", true],
    ["", "a", false],
    ["?", "", false],
    ["**", "", true],
    ["*?", "a", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["*ab", "aab", true],
  ])("%s and %s: %s", (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it("that was made to try every way to match is answered all the same", () => {
    expect(matchesGlob(`${"*a".repeat(8)}*x`, "a".repeat(60))).toBe(false);
  });
});

describe("who is told", () => {
  it.each<[string, NotifyPolicy, readonly string[]]>([
    ["everybody, without routes", NO_POLICY, ["pager", "chat", "mail"]],
    ["everybody, where no route takes it", policy(route({ owner: ["payments"] }, ["mail"])), ["pager", "chat", "mail"]],
    ["whom the first route names", policy(route({}, ["mail"]), route({}, ["chat"])), ["mail"]],
    ["whom the next names as well", policy(route({}, ["mail"], true), route({}, ["chat"])), ["chat", "mail"]],
    ["nobody twice", policy(route({}, ["mail"], true), route({}, ["mail"])), ["mail"]],
    ["whom the last names, though it would go on", policy(route({}, ["mail"], true)), ["mail"]],
    ["by owner", policy(route({ owner: ["pay*", "support-*"] }, ["mail"])), ["mail"]],
    [
      "by migration",
      policy(route({ migration: ["other"] }, ["mail"]), route({ migration: ["s*"] }, ["chat"])),
      ["chat"],
    ],
    [
      "by severity",
      policy(route({ severity: ["critical"] }, ["mail"]), route({ severity: ["info", "warning"] }, ["chat"])),
      ["chat"],
    ],
    ["by environment", policy(route({ environment: ["prod*"] }, ["chat"])), ["chat"]],
    [
      "by all that is asked",
      policy(route({ environment: ["prod*"], owner: ["x"] }, ["chat"]), route({}, ["mail"])),
      ["mail"],
    ],
    ["nobody, where the route's channels do not carry it", policy(route({}, ["fax"])), []],
  ])("%s", (_what, given, names) => {
    expect(recipients(given, PAUSE, SUBJECT, EVERYBODY)).toEqual(names);
  });

  it("is whoever no owner is asked of, for what has none", () => {
    const given = policy(route({ owner: ["support-*"] }, ["mail"]), route({ migration: ["monitor:*"] }, ["chat"]));
    const drift = aNotice({ type: "drift", severity: "warning", migration: "monitor:support" });
    expect(recipients(given, drift, { owner: "", environment: "" }, EVERYBODY)).toEqual(["chat"]);
  });

  it("is everybody who carries it, for what is urgent and would reach nobody", () => {
    const urgent = aNotice({ isUrgent: true });
    expect(recipients(policy(route({}, ["fax"])), urgent, SUBJECT, EVERYBODY)).toEqual(["pager", "chat", "mail"]);
    expect(recipients(policy(route({}, ["chat"])), urgent, SUBJECT, EVERYBODY)).toEqual(["chat"]);
  });

  it("is who heard of the incident, when it ends or somebody is at it", () => {
    const [pager, ...others] = EVERYBODY;
    const heard = [{ ...pager, name: "pager", hasIncident: true }, ...others];
    const given = policy(route({ severity: ["critical"] }, ["pager"]), route({}, ["mail"]));
    const drained = aNotice({ type: "drained", severity: "info", phase: "resolve" });
    const ack = aNotice({ type: "ack", severity: "info", phase: "acknowledge" });
    expect(recipients(given, drained, SUBJECT, heard)).toEqual(["pager", "mail"]);
    expect(recipients(given, ack, SUBJECT, heard)).toEqual(["pager"]);
    expect(recipients(given, { ...ack, phase: "resolve" }, SUBJECT, heard)).toEqual(["pager"]);
  });

  it("is everybody, for a test", () => {
    const test = aNotice({ type: "test", severity: "info", phase: "update" });
    expect(recipients(policy(route({}, ["mail"])), test, SUBJECT, EVERYBODY)).toHaveLength(3);
  });
});

describe("what no notice gets to", () => {
  it.each<[string, NotifyPolicy, readonly string[], readonly number[]]>([
    ["nothing, without routes", NO_POLICY, [], []],
    ["nothing, where something is left for everybody", policy(route({ owner: ["x"] }, ["mail"])), [], []],
    ["nothing, where a route that takes all goes on", policy(route({}, ["mail"], true)), [], []],
    ["whom a route that takes all leaves out", policy(route({}, ["mail"])), ["pager", "chat"], []],
    ["all behind it", policy(route({ migration: ["x", "*"] }, ["mail"]), route({}, ["chat"])), ["pager", "chat"], [1]],
    ["not who stands before it", policy(route({ owner: ["x"] }, ["chat"]), route({}, ["mail"])), ["pager"], []],
  ])("is %s", (_what, given, channels, routes) => {
    expect(unreached(given, ["pager", "chat", "mail"])).toEqual({ channels, routes });
  });
});

describe("what a notice waits", () => {
  const given: NotifyPolicy = {
    ...policy({ ...route({ severity: ["warning"] }, ["chat"], true), groupWait: 5 }, route({}, ["chat", "mail"])),
    ...{ groupWait: 1, groupInterval: 2 },
  };

  it.each([
    ["as the first route says that leads there", PAUSE, "chat", { groupWait: 5, groupInterval: 2 }],
    ["as the policy says where that says nothing", PAUSE, "mail", { groupWait: 1, groupInterval: 2 }],
    ["as the policy says where no route leads there", PAUSE, "pager", { groupWait: 1, groupInterval: 2 }],
    ["as a route that takes it says", aNotice(), "chat", { groupWait: 1, groupInterval: 2 }],
  ])("is %s", (_what, notice, channel, waits) => {
    expect(waitsIn(given, notice, SUBJECT, channel)).toEqual(waits);
  });
});
