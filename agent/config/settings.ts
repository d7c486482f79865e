import { z } from "zod";
import type { ChannelConfig } from "../../alerts/channels/channel-type.ts";
import { CHANNEL_TYPES, channelsSchema } from "../../alerts/channels/create-channels.ts";
import { urlSchema } from "../../alerts/channels/url-schema.ts";
import { flagTargetSchema, flagTargetType } from "../../alerts/flags/create-flag-target.ts";
import type { FlagTargetConfig } from "../../alerts/flags/flag-target-type.ts";
import type { DashboardPlace } from "../../alerts/notice-links.ts";
import type { NotifyPolicy } from "../../alerts/policy/notify-policy.ts";
import { DAY_MS, SPAN_DAYS } from "../../core/retention.ts";
import type { ListenAddress } from "../../http/listen-address.ts";
import type { TlsFiles } from "../../http/tls-pair.ts";
import type { StoreSettings } from "../../store/open-store.ts";
import { LINK_COMMANDS } from "../links/action-link.ts";
import type { LinkSettings } from "../links/link-desk.ts";
import { type MonitorSettings, monitorSchema } from "./monitor-schema.ts";
import { notifySchema } from "./notify-schema.ts";
import { type KnownKeys, keysOf } from "./problem.ts";
import { bytes, duration, hostName, listenAddress, percent, webAddress } from "./units.ts";

/** What both listeners are told. */
export interface ListenerSettings {
  readonly listen: ListenAddress;
  /** What clients have to present; null = nothing, and then only this machine is answered. */
  readonly token: string | null;
  /** Names beside the loopback's under which clients without a token may address it; lower case, without a port. */
  readonly hosts: readonly string[];
  /** PEM files; null = plain HTTP. */
  readonly tls: TlsFiles | null;
}

/** leeway.yaml, validated, with every default filled in. Durations are ms. */
export interface Settings {
  readonly store: StoreSettings;
  readonly collector: ListenerSettings & {
    readonly spool: { readonly dir: string; readonly maxBytes: number };
    /** For how long calls are gathered before they are stored; a better span of one of them takes its place until then. */
    readonly hold: number;
  };
  readonly agent: ListenerSettings & {
    /** Length of a tick. */
    readonly tick: number;
    /** How long after its end a tick is judged, so that late spans are in it. */
    readonly settle: number;
    /** How long after the decision a rollback's flag may fail before the route's next fallback is tried. */
    readonly flipDeadline: number;
    /** How long after a flip canary calls may go on before people are paged. */
    readonly drainDeadline: number;
    /** Price table (YAML); null = costs stay unknown. */
    readonly prices: string | null;
    /** Table of the days on which models end (YAML), which comes before the built-in one; null = none. */
    readonly models: string | null;
    /** Traces and metrics of the agent's own work, sent as the `OTEL_*` variables say. */
    readonly telemetry: boolean;
    /** Where people reach the agent's page, for the links of notices; null = where it listens. */
    readonly externalUrl: string | null;
    /** Links of notices by which people act, at `externalUrl`; null = none. */
    readonly actionLinks: LinkSettings | null;
    /** Leeway's dashboard, for the links of notices; null = none. */
    readonly grafana: DashboardPlace | null;
  };
  readonly flags: Readonly<Record<string, FlagTargetConfig>>;
  readonly alerts: readonly ChannelConfig[];
  /** What was asked and answered is kept for so long, where spans bring it; null = never. */
  readonly content: {
    readonly keep: number;
    /** Of these services alone; null = of every one. */
    readonly services: readonly string[] | null;
    /** Longest content of one call. */
    readonly maxBytes: number;
  } | null;
  /** Examples of what the baseline was asked and answered are kept beyond that, with `content`; null = none. */
  readonly baselines: {
    /** Part of the calls, 0-1, of which there are enough examples. */
    readonly share: number;
    /** Examples of each kind and segment that are enough. */
    readonly perSegment: number;
    readonly keep: number;
  } | null;
  /** Who of them is told what. */
  readonly notify: NotifyPolicy;
  /** Where the agent says that it judges; null = nowhere. */
  readonly heartbeat: { readonly url: string; readonly every: number } | null;
  /** Models compared with their own past; none by default. */
  readonly monitors: readonly MonitorSettings[];
}

/** Ticks that divide a minute, so that every clock cuts time at the same places. */
const TICKS_MS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60].map((seconds) => seconds * 1000);

const store = z.strictObject({
  url: z
    .string()
    .refine((url) => url === "embedded" || /^https?:\/\//.test(url), "expected embedded or an http(s) URL")
    .default("embedded"),
  dir: z.string().min(1).default(".leeway"),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected a database name of letters, digits and _")
    .default("leeway"),
  user: z.string().default("default"),
  password: z.string().default(""),
  cluster: z.string().nullable().default(null),
  port: z.int().min(0).max(65_535).default(8123),
  hosts: z
    .array(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "expected a name in lower case, without a port"))
    .default([]),
});

const spool = z.strictObject({
  dir: z.string().min(1).default(".leeway/spool"),
  maxBytes: bytes.prefault("2GiB"),
});

const tls = z.strictObject({ cert: z.string().min(1), key: z.string().min(1) });

const listener = (address: string) => ({
  listen: listenAddress.prefault(address),
  token: z.string().min(8).nullable().default(null),
  hosts: z.array(hostName).default([]),
  tls: tls.nullable().default(null),
});

const collector = z.strictObject({
  ...listener("127.0.0.1:4318"),
  spool: spool.prefault({}),
  hold: duration.refine((ms) => ms >= 50 && ms <= 10_000, "expected 50ms to 10s").prefault("500ms"),
});

/** The uid is that of the dashboard we generate, unless somebody imported it under another one. */
const grafana = z.strictObject({
  url: webAddress,
  dashboard: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, "expected the uid of a dashboard: letters, digits, - and _")
    .default("leeway-migration"),
  datasource: z.string().min(1).max(200).nullable().default(null),
});

const actionLinks = z.strictObject({
  commands: z
    .array(z.enum(LINK_COMMANDS))
    .min(1)
    .default([...LINK_COMMANDS]),
  expires: duration
    .refine((ms) => ms >= 60_000 && ms <= 7 * 86_400_000, "expected at least 1m and at most 7d")
    .prefault("24h"),
});

const agent = z.strictObject({
  ...listener("127.0.0.1:4320"),
  tick: duration
    .refine((ms) => TICKS_MS.includes(ms), "expected whole seconds that divide a minute, such as 1s, 5s or 30s")
    .prefault("5s"),
  settle: duration.refine((ms) => ms <= 600_000, "expected at most 10m").prefault("2s"),
  flipDeadline: duration.refine((ms) => ms >= 1000, "expected at least 1s").prefault("30s"),
  drainDeadline: duration.refine((ms) => ms >= 1000, "expected at least 1s").prefault("60s"),
  prices: z.string().nullable().default(null),
  models: z.string().nullable().default(null),
  telemetry: z.boolean().default(false),
  externalUrl: webAddress.nullable().default(null),
  actionLinks: actionLinks.nullable().default(null),
  grafana: grafana.nullable().default(null),
});

const heartbeat = z.strictObject({
  url: urlSchema,
  every: duration
    .refine((ms) => ms >= 10_000 && ms <= 86_400_000, "expected at least 10s and at most 24h")
    .prefault("1m"),
});

const MAX_CONTENT_BYTES = 256 * 1024;

const content = z.strictObject({
  keep: duration.refine((ms) => ms >= DAY_MS && ms <= SPAN_DAYS * DAY_MS, `expected 1d to ${SPAN_DAYS}d`),
  services: z.array(z.string().min(1)).min(1).nullable().default(null),
  maxBytes: bytes
    .refine((size) => size >= 1024 && size <= MAX_CONTENT_BYTES, "expected 1KiB to 256KiB")
    .prefault("256KiB"),
});

const baselines = z.strictObject({
  share: percent.refine((share) => share > 0, "expected more than 0%").prefault("1%"),
  perSegment: z.int().min(1).max(100_000).default(200),
  keep: duration.refine((ms) => ms >= DAY_MS && ms <= 5 * 365 * DAY_MS, "expected 1d to 5y").prefault("180d"),
});

/** Schema of the section `agent` alone: what a client of a running agent needs to know. */
export const agentSchema: z.ZodType<Settings["agent"]> = agent;

/** Schema of the section `store` alone: what those who only read the store need to know. */
export const storeSchema: z.ZodType<Settings["store"]> = store;

/** The keys an entry under `flags:` or `alerts:` may have; its schema is chosen by its `type` and cannot tell. */
export const entryKeys: KnownKeys = (found, [section]) => {
  const type = (found as { readonly type?: unknown } | null)?.type;
  const entry = section === "flags" ? flagTargetType(type) : CHANNEL_TYPES.find((each) => each.type === type);
  return entry === undefined ? [] : keysOf(entry.schema);
};

/** Schema of leeway.yaml. */
export const settingsSchema: z.ZodType<Settings> = z
  .strictObject({
    store: store.prefault({}),
    collector: collector.prefault({}),
    agent: agent.prefault({}),
    flags: z.record(z.string().min(1), flagTargetSchema()).default({}),
    alerts: channelsSchema().prefault([]),
    notify: notifySchema.prefault({}),
    content: content.nullable().default(null),
    baselines: baselines.nullable().default(null),
    heartbeat: heartbeat.nullable().default(null),
    monitors: z.array(monitorSchema).default([]),
  })
  .refine(({ baselines: examples, content: kept }) => examples === null || kept !== null, {
    path: ["baselines"],
    message: "there is no content to keep examples of; expected content: { keep: … } beside it",
  });
