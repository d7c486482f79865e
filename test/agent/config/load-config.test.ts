import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig, readConfig } from "../../../agent/config/load-config.ts";
import { formatProblem } from "../../../agent/config/problem.ts";
import { loadAgentAddress } from "../../../agent/config/read-settings.ts";
import { CHANNEL_TYPES } from "../../../alerts/channels/create-channels.ts";
import { aCertificate } from "../../http/a-certificate.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { documentText } from "./documents.ts";

const SECRET = "hunter2-is-the-password";
const HOOK_SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
const env = (name: string): string => `"\${env:${name}}"`;

/** What is wrong with a folder that holds `settings` as leeway.yaml beside `files`, paths cut down to file names. */
const problemsOf = (
  settings: string,
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): readonly string[] => {
  const folder = temporaryDirectory({ "leeway.yaml": settings, ...files });
  const read = readConfig(join(folder, "leeway.yaml"), environment);
  return "problems" in read
    ? read.problems.map((each) => formatProblem(each).replaceAll(/[^\s(]*\/(?=[\w-]+\.yaml)/g, ""))
    : [];
};

describe("leeway.yaml", () => {
  it("may be empty: every setting has a default, paths are those of its folder", () => {
    const folder = temporaryDirectory({ "leeway.yaml": "" });
    const { settings, migrations, file } = loadConfig(join(folder, "leeway.yaml"), {});
    expect(file).toBe(join(folder, "leeway.yaml"));
    expect(migrations).toEqual([]);
    expect(settings).toEqual({
      store: {
        url: "embedded",
        dir: join(folder, ".leeway"),
        database: "leeway",
        user: "default",
        password: "",
        cluster: null,
        port: 8123,
        hosts: [],
      },
      collector: {
        listen: { host: "127.0.0.1", port: 4318 },
        token: null,
        hosts: [],
        tls: null,
        spool: { dir: join(folder, ".leeway/spool"), maxBytes: 2 * 1024 ** 3 },
        hold: 500,
      },
      agent: {
        listen: { host: "127.0.0.1", port: 4320 },
        token: null,
        hosts: [],
        tls: null,
        tick: 5_000,
        settle: 2_000,
        flipDeadline: 30_000,
        drainDeadline: 60_000,
        prices: null,
        telemetry: false,
        externalUrl: null,
        actionLinks: null,
        models: null,
        grafana: null,
      },
      flags: { builtin: { type: "builtin", file: join(folder, ".leeway/flags.json") } },
      alerts: [],
      notify: {
        ...{ environment: null, groupWait: 0, groupInterval: 0, repeatInterval: 14_400_000, quietHours: null },
        routes: [],
      },
      heartbeat: null,
      monitors: [],
      content: null,
      baselines: null,
    });
  });

  it("says where people reach the agent, and where the dashboard is", () => {
    const read = (agent: string) =>
      loadConfig(join(temporaryDirectory({ "leeway.yaml": `agent: ${agent}` }), "leeway.yaml"), {}).settings.agent;
    expect(read("{ externalUrl: https://leeway.example.com/ops }").externalUrl).toBe("https://leeway.example.com/ops");
    expect(read("{ grafana: { url: https://grafana.example.com } }").grafana).toEqual({
      ...{ url: "https://grafana.example.com/", dashboard: "leeway-migration", datasource: null },
    });
    for (const [agent, path] of [
      ["{ externalUrl: leeway.example.com }", "agent.externalUrl: no usable address"],
      ["{ externalUrl: https://u:hush@leeway.example.com }", "agent.externalUrl: no usable address"],
      ["{ grafana: { url: javascript:alert(1) } }", "agent.grafana.url: no usable address"],
      ["{ grafana: { url: https://x.example, dashboard: ../admin } }", "agent.grafana.dashboard: "],
      ["{ grafana: {} }", "agent.grafana.url: no usable address"],
      ["{ actionLinks: {} }", "agent.externalUrl: missing while agent.actionLinks is set"],
      ["{ actionLinks: {}, externalUrl: http://leeway.example.com }", "agent.externalUrl: not https while"],
      ["{ actionLinks: { commands: [rearm] }, externalUrl: https://l.example }", "agent.actionLinks.commands[0]: "],
      ["{ actionLinks: { expires: 30d }, externalUrl: https://l.example }", "agent.actionLinks.expires: "],
    ] as const) {
      const problems = problemsOf(`agent: ${agent}`).join();
      expect(problems).toContain(path);
      expect(problems).not.toContain("hush");
    }
  });

  it("keeps content where it says for how long, and nowhere else", () => {
    const read = (text: string) =>
      loadConfig(join(temporaryDirectory({ "leeway.yaml": text }), "leeway.yaml"), {}).settings.content;
    expect(read("")).toBeNull();
    const withBaselines = (text: string) =>
      loadConfig(join(temporaryDirectory({ "leeway.yaml": text }), "leeway.yaml"), {}).settings.baselines;
    expect(withBaselines("content: { keep: 14d }\nbaselines: {}")).toEqual({
      ...{ share: 0.01, perSegment: 200, keep: 180 * 86_400_000 },
    });
    expect(() => withBaselines("baselines: {}")).toThrow(
      /baselines: there is no content to keep examples of; expected content/,
    );
    expect(read("content: { keep: 14d }")).toEqual({ keep: 14 * 86_400_000, services: null, maxBytes: 262_144 });
    expect(read("content: { keep: 1d, services: [support-api], maxBytes: 16KiB }")).toEqual({
      ...{ keep: 86_400_000, services: ["support-api"], maxBytes: 16_384 },
    });
    for (const text of [
      "{}",
      "{ keep: 1h }",
      "{ keep: 91d }",
      "{ keep: 1d, services: [] }",
      "{ keep: 1d, maxBytes: 1MiB }",
    ])
      expect(problemsOf(`content: ${text}`).join()).toContain("leeway.yaml: content.");
  });

  it("takes secrets from the environment", () => {
    const folder = temporaryDirectory({
      "leeway.yaml": `store: { password: ${env("PW")} }\nalerts: [{ type: webhook, url: "https://x.example/", secret: ${env("HOOK")} }]\n`,
    });
    const { settings } = loadConfig(join(folder, "leeway.yaml"), { PW: SECRET, HOOK: HOOK_SECRET });
    expect(settings.store.password).toBe(SECRET);
    expect(settings.alerts).toMatchObject([{ type: "webhook", secret: HOOK_SECRET }]);
  });

  it("keeps a flag target of the team's own name and adds no second one", () => {
    const folder = temporaryDirectory({ "leeway.yaml": "flags: { mine: { type: builtin, file: mine.json } }\n" });
    expect(loadConfig(join(folder, "leeway.yaml"), {}).settings.flags).toEqual({
      mine: { type: "builtin", file: join(folder, "mine.json") },
    });
  });

  it.each([
    ["an unknown section", "stoer: {}", 'leeway.yaml: stoer: unknown key "stoer"; did you mean "store"?'],
    ["an unknown key in store", "store: { dirr: x }", 'store.dirr: unknown key "dirr"; did you mean "dir"?'],
    [
      "in collector.spool",
      "collector: { spool: { maxBites: 1 } }",
      'collector.spool.maxBites: unknown key "maxBites"; did you mean "maxBytes"?',
    ],
    ["in agent", "agent: { lisen: x }", 'agent.lisen: unknown key "lisen"; did you mean "listen"?'],
    [
      "in a flag target",
      "flags: { b: { type: builtin, fiel: x } }",
      'flags.b.fiel: unknown key "fiel"; did you mean "file"?',
    ],
    [
      "in a slack channel",
      "alerts: [{ type: slack, url: 'https://x.example/', onn: [page] }]",
      'alerts[0].onn: unknown key "onn"; did you mean "on"?',
    ],
    [
      "in a webhook channel",
      "alerts: [{ type: webhook, url: 'https://x.example/', secrt: x }]",
      'alerts[0].secrt: unknown key "secrt"; did you mean "secret"?',
    ],
    ["in a stdout channel", "alerts: [{ type: stdout, url: x }]", 'alerts[0].url: unknown key "url"'],
    [
      "an unknown flag system",
      "flags: { b: { type: unlesh } }",
      'flags.b.type: unknown flag target type "unlesh"; expected one of: builtin',
    ],
    [
      "an unknown channel",
      "alerts: [{ type: slak }]",
      `alerts[0].type: unknown channel type "slak"; expected one of: ${CHANNEL_TYPES.map(({ type }) => type).join(", ")}`,
    ],
    ["a channel without a type", "alerts: [{ url: x }]", "alerts[0].type: channel without a type; expected one of"],
    [
      "an unknown notice type",
      "alerts: [{ type: stdout, on: [pge] }]",
      'alerts[0].on[0]: unknown value "pge"; did you mean "page"?',
    ],
    ["alerts that are no list", "alerts: { type: stdout }", "alerts: is keys with values; expected a list"],
    [
      "a tick that clocks cut differently",
      "agent: { tick: 7s }",
      "agent.tick: not usable; expected whole seconds that divide a minute",
    ],
    ["a time without unit", "agent: { settle: 2 }", "agent.settle: 2; expected a duration such as"],
    [
      "a settle delay longer than the look back",
      "agent: { settle: 11m }",
      "agent.settle: not usable; expected at most 10m",
    ],
    [
      "calls held for longer than anybody waits",
      "collector: { hold: 1m }",
      "collector.hold: not usable; expected 50ms to 10s",
    ],
    ["calls that are not gathered", "collector: { hold: 0s }", "collector.hold: not usable; expected 50ms to 10s"],
    [
      "a size without unit",
      "collector: { spool: { maxBytes: 2000 } }",
      "collector.spool.maxBytes: 2000; expected a size such as",
    ],
    ["an address without port", "agent: { listen: 127.0.0.1 }", 'agent.listen: "127.0.0.1"; expected host:port'],
    ["a port out of range", "store: { port: 99999 }", "store.port: too large; expected at most 65535"],
    [
      "a store by another protocol",
      "store: { url: 'tcp://x:9000' }",
      "store.url: not usable; expected embedded or an http(s) URL",
    ],
    [
      "a database that needs quoting",
      "store: { database: a-b }",
      "store.database: not usable; expected a database name",
    ],
    [
      "an agent that others reach, without token",
      "agent: { listen: 0.0.0.0:4320 }",
      "agent.token: missing while agent.listen is reachable by others; expected a token",
    ],
    [
      "a collector that others reach, without token",
      "collector: { listen: '[::]:4318' }",
      "collector.token: missing while collector.listen is reachable by others; expected a token",
    ],
    ["a short token", "agent: { token: short }", "agent.token: too short; expected at least 8 characters"],
    [
      "two targets on one file",
      "flags: { a: { type: builtin }, b: { type: builtin } }",
      "flags.b.file: the file is also that of flags.a; expected one each",
    ],
    [
      "the same file by another name",
      "flags: { a: { type: builtin, file: x.json }, b: { type: builtin, file: ./y/../x.json } }",
      "flags.b.file: the file is also that of flags.a",
    ],
    [
      "a variable that is not set",
      `store: { password: ${env("NOPE")} }`,
      "leeway.yaml: store.password: $NOPE is not set; expected it in the environment",
    ],
    ["no YAML", "agent: { tick: 5s\n", "leeway.yaml: line 2, column 1: "],
    ["a list", "- agent\n", "leeway.yaml: is a list; expected keys with values"],
  ])("is refused with %s", (_what, settings, expected) => {
    const problems = problemsOf(settings);
    expect(problems).toContainEqual(expect.stringContaining(expected));
    for (const problem of problems) expect(problem).toMatch(/^leeway\.yaml: .+[;?]/);
  });

  it("may be reached by others when it asks for a token", () => {
    expect(problemsOf(`agent: { listen: "0.0.0.0:4320", token: ${SECRET} }`)).toEqual([]);
  });

  it("must exist, and the message says how to get one", () => {
    const path = join(temporaryDirectory(), "leeway.yaml");
    expect(() => loadConfig(path, {})).toThrow(/leeway\.yaml: cannot be read \(ENOENT\); "leeway init" writes one$/);
  });
});

describe("secrets in the wrong place", () => {
  const environment = { SECRET, HOOK: HOOK_SECRET };
  it.each([
    ["a password where a duration belongs", `agent: { tick: ${env("SECRET")} }`],
    ["where an address belongs", `collector: { listen: ${env("SECRET")} }`],
    ["where a name belongs", `store: { database: ${env("SECRET")} }`],
    ["where a type belongs", `alerts: [{ type: ${env("SECRET")} }]`],
    ["where a notice type belongs", `alerts: [{ type: stdout, on: [${env("SECRET")}] }]`],
    ["a signing secret of the wrong form", `alerts: [{ type: webhook, url: "https://x.example", secret: ${SECRET} }]`],
    ["credentials in an address", `alerts: [{ type: slack, url: "https://a:${SECRET}@x.example" }]`],
    [
      "a secret address of a channel that is refused",
      `alerts: [{ type: slack, url: "https://x.example/${SECRET}", onn: 1 }]`,
    ],
    ["a token written without quotes", "agent: { token: 20260101 }"],
  ])("are refused without being repeated: %s", (_what, settings) => {
    const text = problemsOf(settings, {}, environment).join("\n");
    expect(text).not.toBe("");
    for (const secret of [SECRET, HOOK_SECRET, "20260101"]) expect(text).not.toContain(secret);
  });
});

describe("migration documents", () => {
  it("are those in migrations/, by file name; other files are left alone", () => {
    const folder = temporaryDirectory({
      "leeway.yaml": "",
      "migrations/b.yml": documentText({ migration: "migration: b", route: "route: { flag: fb, target: builtin }" }),
      "migrations/a.yaml": documentText({ migration: "migration: a" }),
      "migrations/README.md": "notes",
    });
    expect(loadConfig(join(folder, "leeway.yaml"), {}).migrations.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("can be named instead", () => {
    const folder = temporaryDirectory({
      "leeway.yaml": "",
      "migrations/a.yaml": "broken: true",
      "b.yaml": documentText(),
    });
    const read = readConfig(join(folder, "leeway.yaml"), {}, [join(folder, "b.yaml")]);
    expect("config" in read && read.config.migrations.map(({ name }) => name)).toEqual(["m"]);
    expect(() => readConfig(join(folder, "leeway.yaml"), {}, [join(folder, "c.yaml")])).toThrow(
      /c\.yaml: cannot be read/,
    );
  });

  it.each([
    [
      "one name",
      documentText({ route: "route: { flag: other, target: builtin }" }),
      "b.yaml: migration: m is also declared in a.yaml; expected one document per migration",
    ],
    [
      "one flag",
      documentText({ migration: "migration: n" }),
      "b.yaml: route.flag: flag model already routes m (a.yaml); expected a flag of its own",
    ],
    [
      "one flag name on two targets the agent serves itself",
      documentText({ migration: "migration: n", route: "route: { flag: model, target: second }" }),
      "b.yaml: route.flag: flag model already routes m",
    ],
  ])("cannot share %s", (_what, second, expected) => {
    const settings = "flags: { builtin: { type: builtin }, second: { type: builtin, file: second.json } }\n";
    expect(problemsOf(settings, { "migrations/a.yaml": documentText(), "migrations/b.yaml": second })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it("show all their problems at once, each under its own file", () => {
    const problems = problemsOf("", {
      "migrations/a.yaml": documentText({ owner: "" }),
      "migrations/b.yaml": "a: b: c",
    });
    expect(problems).toEqual([expect.stringMatching(/^a\.yaml: owner: /), expect.stringMatching(/^b\.yaml: line 1/)]);
  });
});

describe("the price table", () => {
  it("is read with the rest, so that check finds what start would", () => {
    const settings = "agent: { prices: prices.yaml }";
    expect(problemsOf(settings, { "prices.yaml": "gpt: { input: 1, output: 2 }" })).toEqual([]);
    expect(problemsOf(settings, { "prices.yaml": "gpt: { input: 1, outptu: 2 }" })).toEqual([
      "prices.yaml: gpt.output: missing; expected a number",
      'prices.yaml: gpt.outptu: unknown key "outptu"; did you mean "output"?',
    ]);
    expect(() => problemsOf(settings)).toThrow(/prices\.yaml: cannot be read \(ENOENT\); expected the price table/);
  });
});

describe("the address of the agent", () => {
  it("is found without the secrets that only the agent needs", () => {
    const folder = temporaryDirectory({
      "leeway.yaml": `agent: { listen: "[::1]:9999", token: ${env("TOKEN")} }\nstore: { password: ${env("NOT_MINE")} }\n`,
    });
    expect(loadAgentAddress(join(folder, "leeway.yaml"), { TOKEN: SECRET })).toMatchObject({
      listen: { host: "::1", port: 9999 },
      token: SECRET,
    });
    expect(() => loadAgentAddress(join(folder, "leeway.yaml"), {})).toThrow(/agent\.token: \$TOKEN is not set/);
  });

  it("finds the agent's certificate beside it, without looking into it", () => {
    const folder = temporaryDirectory({ "leeway.yaml": "agent: { tls: { cert: tls/a.crt, key: tls/a.key } }" });
    expect(loadAgentAddress(join(folder, "leeway.yaml"), {}).tls).toEqual({
      cert: join(folder, "tls/a.crt"),
      key: join(folder, "tls/a.key"),
    });
  });
});

describe("listeners", () => {
  const { cert, key } = aCertificate();
  const expired = aCertificate({ validTo: 1_600_000_000_000 });
  const files = { "tls/a.crt": cert, "tls/a.key": key, "tls/old.crt": expired.cert, "tls/old.key": expired.key };

  it("have names and certificates of their own, paths are those of the folder", () => {
    const settings = `collector: { hosts: [Host.Docker.Internal], tls: { cert: tls/a.crt, key: tls/a.key } }
agent: { hosts: ["leeway.local", "::2"], tls: { cert: tls/a.crt, key: tls/a.key } }`;
    const folder = temporaryDirectory({ "leeway.yaml": settings, ...files });
    const tls = { cert: join(folder, "tls/a.crt"), key: join(folder, "tls/a.key") };
    expect(loadConfig(join(folder, "leeway.yaml"), {}).settings).toMatchObject({
      collector: { hosts: ["host.docker.internal"], tls },
      agent: { hosts: ["leeway.local", "::2"], tls },
    });
  });

  it.each<[string, string, RegExp]>([
    [
      "a missing certificate",
      "agent: { tls: { cert: none.crt, key: tls/a.key } }",
      /^leeway\.yaml: agent\.tls\.cert: .*none\.crt cannot be read \(ENOENT\); expected a file/,
    ],
    [
      "a missing key",
      "collector: { tls: { cert: tls/a.crt, key: none } }",
      /collector\.tls\.key: .*none cannot be read/,
    ],
    [
      "the key of another",
      "agent: { tls: { cert: tls/a.crt, key: tls/old.key } }",
      /agent\.tls\.key: .*old\.key is not the key of the certificate/,
    ],
    [
      "one that is over",
      "agent: { tls: { cert: tls/old.crt, key: tls/old.key } }",
      /agent\.tls\.cert: .*old\.crt expired on 2020-09-13 12:26 UTC/,
    ],
    ["half a pair", "agent: { tls: { cert: tls/a.crt } }", /agent\.tls\.key: missing; expected text/],
    [
      "a misspelt key",
      "agent: { tls: { cert: a, key: b, kye: c } }",
      /agent\.tls\.kye: unknown key "kye"; expected one of cert, key/,
    ],
    [
      "an address as a name",
      'agent: { hosts: ["http://leeway.local"] }',
      /agent\.hosts\[0\]: "http:.+"; expected a host name without scheme and port/,
    ],
    [
      "a name with a port",
      'collector: { hosts: ["leeway.local:4318"] }',
      /collector\.hosts\[0\]: .+; expected a host name/,
    ],
    ["every name", 'agent: { hosts: ["*"] }', /agent\.hosts\[0\]: "\*"; expected a host name/],
    ["a name that is no list", "agent: { hosts: leeway.local }", /agent\.hosts: is text; expected a list/],
  ])("are refused with %s", (_what, settings, expected) => {
    expect(problemsOf(settings, files)).toEqual([expect.stringMatching(expected)]);
  });

  it("need a token beyond this machine, with a certificate too", () => {
    const settings = 'agent: { listen: "0.0.0.0:4320", tls: { cert: tls/a.crt, key: tls/a.key } }';
    expect(problemsOf(settings, files)).toEqual([expect.stringMatching(/agent\.token: missing while agent\.listen/)]);
  });
});
