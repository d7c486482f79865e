import type { CollectorStats, OverloadStats, SpoolStats } from "../core/collector-stats.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import { SHADOW_PATH, type ShadowPlans } from "../core/shadow-plan.ts";
import { isLoopback } from "../http/listen-address.ts";
import { logIntake } from "./accept-logs.ts";
import { metricIntake } from "./accept-metrics.ts";
import { spanIntake } from "./accept-spans.ts";
import type { RowStream } from "./append-once.ts";
import type { CollectorCollaborators, ShadowAsker } from "./collaborators.ts";
import type { CollectorSettings } from "./collector-settings.ts";
import { type CollectorCounters, createCounters } from "./collector-stats.ts";
import { type CostDifferences, createCostDifferences } from "./cost-differences.ts";
import { learnLeftovers, learnStored } from "./covered/learn-calls.ts";
import { type CoveredCalls, createCoveredCalls } from "./covered-calls.ts";
import { createExporterRegister, type ExporterRegister } from "./exporter-counters.ts";
import { createFlagRegister, type FlagRegister } from "./flag-evaluations.ts";
import { type Accept, accepting } from "./http/accepting.ts";
import { type Admission, createAdmission, DEFAULT_ADMISSION } from "./http/admission.ts";
import { answerRequest, type RequestKind, type RequestPolicy } from "./http/answer-request.ts";
import { createBodyRoom } from "./http/body-room.ts";
import { listen } from "./http/listen.ts";
import { createOverloadWatch } from "./http/overload-watch.ts";
import { type Reply, refusal } from "./http/reply.ts";
import { contentInsert } from "./keep-content.ts";
import { LOGS, METRICS, TRACES } from "./otlp/signals.ts";
import { createRefusalLog, type RefusalLog } from "./refusal-log.ts";
import { createSenderClocks, type SenderClocks } from "./sender-clocks.ts";
import { openStreams, type Streams } from "./streams/open-streams.ts";
import { STREAM_TYPES, type StreamName, streamTypes } from "./streams/stream-types.ts";
import { createTurns, type Turns } from "./turns.ts";
import { createUntakenRegister, type UntakenRegister } from "./untaken-spans.ts";

/** An OTLP/HTTP receiver that listens. */
export interface Collector {
  /** Where it can be reached from this machine, e.g. `http://127.0.0.1:4318`. */
  readonly url: string;
  readonly stats: () => CollectorStats;
  /** What is wrong and needs a person, a line each. */
  readonly problems: () => readonly string[];
  /** Resolves when everything acknowledged so far is in the store; rejects with the store's error at the first failed try. */
  readonly flush: () => Promise<void>;
  /** Takes no new request, stores what it can within a few seconds and leaves the rest on disk for the next start. */
  readonly close: () => Promise<void>;
}

const MAX_INSTANCES = 10_000;
const MAX_FLAG_VARIANTS = 1_000;
const MAX_MODELS = 100;
const MAX_COVERED_KEYS = 200_000;
/** Senders whose clock was wrong are told about for this long after their last such call. */
const CLOCK_NEWS_MS = 600_000;
const CLOSE_GRACE_MS = 3_000;

/** One body of the largest size is decoded at a time, with room for smaller ones, and four wait no longer than senders do. */
const BODY_ROOM = { maxBytes: 24 * 1024 ** 2, maxWaitingBytes: 64 * 1024 ** 2, patienceMs: 8_000 };

interface Parts {
  readonly spans: RowStream;
  readonly earlier: RowStream;
  readonly outcomes: RowStream;
  readonly pairs: RowStream;
  readonly content: RowStream;
  readonly exporters: ExporterRegister;
  readonly outcomeExporters: ExporterRegister;
  readonly flagEvaluations: FlagRegister;
  readonly covered: CoveredCalls;
  readonly clocks: SenderClocks;
  readonly costs: CostDifferences;
  readonly counters: CollectorCounters;
  readonly turns: Turns;
  readonly refusals: RefusalLog;
  readonly untaken: UntakenRegister;
}

/** Bodies that may be under way: this many of the largest. */
const LARGEST_BODIES = 8;

const admissionOf = ({ maxBodyBytes }: CollectorSettings, collaborators: CollectorCollaborators): Admission =>
  createAdmission({ ...DEFAULT_ADMISSION, maxBodyBytes, maxBytes: LARGEST_BODIES * maxBodyBytes }, collaborators);

/** A spool this near its limit takes no usual body any more. */
const isFull = ({ bytes }: SpoolStats, maxBytes: number): boolean =>
  bytes > maxBytes - Math.min(1024 ** 2, maxBytes / 100);

/** What an app hears where nobody says what is to be shadowed. */
const NOTHING_TO_SHADOW: ShadowPlans = { plans: [], goodForMs: 60_000 };

const MAX_NAME = 256;

const askerOf = (query: URLSearchParams): ShadowAsker => ({
  service: (query.get("service") ?? "").slice(0, MAX_NAME),
  instance: (query.get("instance") ?? "").slice(0, MAX_NAME),
});

interface PolicyParts {
  readonly admission: Admission;
  readonly counters: CollectorCounters;
  readonly turns: Turns;
  readonly countRefusal: RequestPolicy["countRefusal"];
  /** Null until the spools are open. */
  readonly streams: () => Streams | null;
  readonly parts: Promise<Parts>;
}

const policyOf = (
  settings: CollectorSettings,
  collaborators: CollectorCollaborators,
  { admission, counters, turns, countRefusal, streams, parts }: PolicyParts,
): RequestPolicy => {
  const kept = (stream: StreamName, accept: Accept): RequestKind => ({
    accept,
    isFull: () => {
      const opened = streams()?.of[stream];
      return opened !== undefined && isFull(opened.spool.stats(), opened.maxBytes);
    },
  });
  const { token, hosts, maxBodyBytes } = settings;
  return {
    token,
    hosts,
    maxBodyBytes,
    admission,
    countRefusal,
    room: createBodyRoom({ ...BODY_ROOM, maxBytes: Math.max(BODY_ROOM.maxBytes, settings.maxBodyBytes) }),
    served: { [SHADOW_PATH]: (query) => collaborators.shadow?.(askerOf(query)) ?? NOTHING_TO_SHADOW },
    signals: {
      "/v1/traces": kept(
        "spans",
        accepting(TRACES, turns, countRefusal, async () =>
          spanIntake({ ...collaborators, ...(await parts), contentSettings: settings.content }),
        ),
      ),
      "/v1/logs": kept(
        "outcomes",
        accepting(LOGS, turns, countRefusal, async () => logIntake({ ...collaborators, ...(await parts) })),
      ),
      "/v1/metrics": {
        isFull: () => false,
        accept: accepting(METRICS, turns, countRefusal, async () => metricIntake(counters)),
      },
    },
  };
};

/** A burst is over before anybody could look; what lasts longer, ms, is for a person. */
const SUSTAINED_MS = 10_000;

const overloadProblem = ({ overloadedForMs, refusedInSpell }: OverloadStats): readonly string[] =>
  overloadedForMs === null || overloadedForMs < SUSTAINED_MS
    ? []
    : [
        `more spans arrive than can be taken: ${refusedInSpell} requests were refused in ${Math.round(overloadedForMs / 1000)} s, to be sent again; give the agent more processor, or send it less`,
      ];

const checkListen = ({ listen: { host, port }, token }: CollectorSettings): void => {
  if (token !== null || isLoopback(host)) return;
  throw new LeewayError(
    "config-invalid",
    `collector.listen: ${host}:${port} is reachable from other machines; set collector.token, or listen on 127.0.0.1`,
  );
};

/**
 * Starts the collector; it listens when the promise resolves. The port is taken before the spool is touched, so that
 * a second agent by mistake cannot disturb the first one's segments. Rejects with LeewayError `listen-failed`,
 * `store-locked` or `config-invalid`.
 */
export const createCollector = async (
  settings: CollectorSettings,
  collaborators: CollectorCollaborators,
): Promise<Collector> => {
  checkListen(settings);
  const counters = createCounters();
  const exporters = createExporterRegister(MAX_INSTANCES);
  const outcomeExporters = createExporterRegister(MAX_INSTANCES);
  const flagEvaluations = createFlagRegister(MAX_FLAG_VARIANTS);
  const covered = createCoveredCalls(MAX_COVERED_KEYS, collaborators.now);
  const clocks = createSenderClocks(MAX_INSTANCES);
  const costs = createCostDifferences(MAX_MODELS);
  const ready = Promise.withResolvers<Parts>();
  // nobody may be waiting for it when it fails
  ready.promise.catch(() => undefined);
  const admission = admissionOf(settings, collaborators);
  const overload = createOverloadWatch(collaborators.elapsed);
  const countRefusal: RequestPolicy["countRefusal"] = (why) => {
    counters.refused[why] += 1;
    if (why === "overloaded" || why === "disk-slow") overload.refused();
  };
  const turns = createTurns(collaborators);
  const refusals = createRefusalLog(collaborators.log, collaborators.now);
  const untaken = createUntakenRegister(collaborators.log);
  let streams: Streams | null = null;
  const intake = { admission, counters, turns, countRefusal, streams: () => streams, parts: ready.promise };
  const policy = policyOf(settings, collaborators, intake);
  const failed = (error: unknown): Reply => {
    countRefusal("internal");
    collaborators.log.error(`collector: a request failed: ${messageOf(error)}`);
    return refusal("internal", "internal error; see the agent's log", null);
  };
  const listener = await listen(settings, (request) => answerRequest(request, policy), failed, collaborators);

  let opened: Streams;
  try {
    const learnLine = learnLeftovers(covered);
    const leftover = (folder: string, line: string) => {
      if (STREAM_TYPES.spans.folder === folder || STREAM_TYPES.earlier.folder === folder) learnLine(line);
    };
    const insertContent = contentInsert(collaborators.insertContent, counters);
    const recentContentKeys = settings.content === null ? async () => [] : collaborators.recentContentKeys;
    const around = { ...collaborators, insertContent, recentContentKeys, leftover };
    opened = await openStreams(
      { ...settings, closeGraceMs: CLOSE_GRACE_MS },
      around,
      streamTypes(settings.content !== null),
    );
  } catch (error) {
    ready.reject(error);
    await listener.close(0);
    throw error;
  }
  const stopLearning = await learnStored(covered, collaborators);
  streams = opened;
  const { spans, earlier, outcomes, pairs, content } = opened.of;
  ready.resolve({
    spans,
    earlier,
    outcomes,
    pairs,
    content,
    exporters,
    outcomeExporters,
    flagEvaluations,
    covered,
    clocks,
    costs,
    counters,
    turns,
    refusals,
    untaken,
  });

  return {
    url: listener.url,
    stats: () => ({
      ...counters,
      betterTooLate: covered.tooLate(),
      forgottenEarly: covered.forgottenEarly(),
      refused: { ...counters.refused },
      admission: { ...admission.stats(), ...overload.stats() },
      connections: listener.connections(),
      spool: spans.spool.stats(),
      earlierSpool: earlier.spool.stats(),
      outcomeSpool: outcomes.spool.stats(),
      contentLost: { ...counters.contentLost },
      pairSpool: pairs.spool.stats(),
      contentSpool: content.spool.stats(),
      setAsideRows: opened.setAsideRows(),
      exporters: exporters.list(),
      outcomeExporters: outcomeExporters.list(),
      flagEvaluations: flagEvaluations.list(),
      untaken: untaken.list(),
      senderClocks: clocks.list(collaborators.now() - CLOCK_NEWS_MS),
      costDifferences: costs.list(),
    }),
    problems: () => [
      ...opened.problems(),
      ...[listener.problem(), ...overloadProblem(overload.stats())].filter((problem) => problem !== ""),
    ],
    flush: opened.flush,
    async close() {
      stopLearning();
      await listener.close(CLOSE_GRACE_MS);
      await opened.close();
    },
  };
};
