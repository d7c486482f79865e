import { createHash } from "node:crypto";

/** What one place of a flag serves, by the variations' indices. */
export interface LdServed {
  variation?: number;
  rollout?: { variations: { variation: number; weight: number }[]; bucketBy?: string; contextKind?: string };
}

/** One environment of a flag. */
export interface LdEnvironment {
  on: boolean;
  archived: boolean;
  salt: string;
  version: number;
  lastModified: number;
  offVariation?: number;
  fallthrough: LdServed;
  rules: (LdServed & {
    _id: string;
    description: string;
    clauses: { _id: string; attribute: string; op: "in"; values: string[]; contextKind: "user"; negate: boolean }[];
    trackEvents: boolean;
  })[];
  targets: { values: string[]; variation: number; contextKind: "user" }[];
  contextTargets: { values: string[]; variation: number; contextKind: string }[];
  prerequisites: { key: string; variation: number }[];
  trackEvents: boolean;
}

/** A flag as the REST API shows it. */
export interface LdFlag {
  key: string;
  name: string;
  kind: "multivariate" | "boolean";
  _version: number;
  archived: boolean;
  tags: string[];
  variations: { _id: string; name: string; value: unknown }[];
  environments: Record<string, LdEnvironment>;
}

/** One project, and what is planned for its flags. */
export interface LdWorld {
  readonly flags: Record<string, LdFlag>;
  /** Scheduled changes, by flag. */
  readonly schedules: Record<string, { executionDate: number; instructions: { kind: string }[] }[]>;
}

const environment = (overrides: Partial<LdEnvironment> = {}): LdEnvironment => ({
  on: false,
  archived: false,
  salt: "6f1c2d",
  version: 4,
  lastModified: 0,
  offVariation: 1,
  fallthrough: { variation: 1 },
  rules: [],
  targets: [],
  contextTargets: [],
  prerequisites: [],
  trackEvents: false,
  ...overrides,
});

/** A flag that is off, with everything around it that must not be touched; and another one, its prerequisite. */
export const ldWorld = (): LdWorld => ({
  flags: {
    "support-model": {
      key: "support-model",
      name: "Model of the support bot",
      kind: "multivariate",
      _version: 7,
      archived: false,
      tags: ["llm"],
      variations: [
        { _id: "7b32de80-0000-4000-8000-000000000001", name: "new model", value: { model: "new", temperature: 0.2 } },
        { _id: "7b32de80-0000-4000-8000-000000000002", name: "old model", value: { model: "old", temperature: 0.7 } },
        { _id: "7b32de80-0000-4000-8000-000000000003", name: "third", value: { model: "third" } },
      ],
      environments: {
        production: environment({
          rules: [
            {
              _id: "rule-regulated",
              description: "regulated customers stay",
              clauses: [
                { _id: "c1", attribute: "plan", op: "in", values: ["regulated"], contextKind: "user", negate: false },
              ],
              variation: 1,
              trackEvents: true,
            },
          ],
          targets: [{ values: ["user-held-back"], variation: 1, contextKind: "user" }],
          prerequisites: [{ key: "llm-enabled", variation: 0 }],
        }),
        test: environment({ on: true, fallthrough: { variation: 0 }, version: 12 }),
      },
    },
    "llm-enabled": {
      key: "llm-enabled",
      name: "Whether there is a bot",
      kind: "boolean",
      _version: 2,
      archived: false,
      tags: [],
      variations: [
        { _id: "7b32de80-0000-4000-8000-00000000000a", name: "on", value: true },
        { _id: "7b32de80-0000-4000-8000-00000000000b", name: "off", value: false },
      ],
      environments: {
        production: environment({ on: true, fallthrough: { variation: 0 } }),
        test: environment({ on: true, fallthrough: { variation: 0 } }),
      },
    },
  },
  schedules: { "support-model": [{ executionDate: 1_800_000_000_000, instructions: [{ kind: "addTargets" }] }] },
});

const bucketOf = (flag: string, salt: string, value: string): number =>
  Number.parseInt(createHash("sha1").update(`${flag}.${salt}.${value}`).digest("hex").slice(0, 15), 16) / 2 ** 60;

const pick = ({ variation, rollout }: LdServed, flag: LdFlag, salt: string, user: string): number => {
  if (rollout === undefined) return variation ?? -1;
  const bucket = bucketOf(flag.key, salt, user);
  let sum = 0;
  for (const each of rollout.variations) {
    sum += each.weight / 100_000;
    if (bucket < sum) return each.variation;
  }
  return rollout.variations.at(-1)?.variation ?? -1;
};

/** Index of the variation that a user is served, as LaunchDarkly's SDKs evaluate; -1 = the default of the code. */
export const ldServes = (
  { flags }: LdWorld,
  key: string,
  name: string,
  user: { readonly key: string; readonly [attribute: string]: string },
): number => {
  const [flag, at] = [flags[key], flags[key]?.environments[name]];
  if (flag === undefined || at === undefined) return -1;
  const isMet = at.prerequisites.every((each) => {
    const other = flags[each.key]?.environments[name];
    return other?.on === true && ldServes({ flags, schedules: {} }, each.key, name, user) === each.variation;
  });
  if (!at.on || !isMet) return at.offVariation ?? -1;
  const target = [...at.targets, ...at.contextTargets].find(({ values }) => values.includes(user.key));
  if (target !== undefined) return target.variation;
  const rule = at.rules.find(({ clauses }) =>
    clauses.every(({ attribute, values, negate }) => values.includes(user[attribute] ?? "") !== negate),
  );
  return pick(rule ?? at.fallthrough, flag, at.salt, user.key);
};

/** What SDKs of one environment are sent. */
export const ldSdkData = ({ flags }: LdWorld, name: string): object => ({
  segments: {},
  flags: Object.fromEntries(
    Object.values(flags).flatMap(({ key, variations, environments }) => {
      const at = environments[name];
      if (at === undefined) return [];
      const { lastModified: _lastModified, archived: _archived, rules, ...rest } = at;
      const served = {
        ...rest,
        key,
        rules: rules.map(({ _id, description: _description, ...rule }) => ({ id: _id, ...rule })),
        variations: variations.map(({ value }) => value),
        clientSideAvailability: { usingMobileKey: false, usingEnvironmentId: false },
        deleted: false,
      };
      return [[key, served]];
    }),
  ),
});
