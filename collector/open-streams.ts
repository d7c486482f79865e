import { join } from "node:path";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorSettings } from "./collector-settings.ts";
import { createDuplicateFilter, type DuplicateFilter } from "./duplicate-filter.ts";
import { createSetAside, type SetAside } from "./set-aside.ts";
import { createSpool } from "./spool/create-spool.ts";
import { openDirectory } from "./spool/directory-files.ts";
import { type HeldDirectory, lockDirectory } from "./spool/directory-lock.ts";
import { type LineFormat, OUTCOME_LINES, SPAN_LINES } from "./spool/lines.ts";
import type { Spool } from "./spool/spool.ts";

/** What opening the spools is told. */
export interface StreamSettings extends Pick<CollectorSettings, "spool" | "batch"> {
  /** How long closing waits for the store, ms. */
  readonly closeGraceMs: number;
}

/** Senders resend within their own timeout and queue; 15 minutes and half a million rows cover both. */
const DUPLICATES = { maxKeys: 500_000, windowMs: 900_000 };
const SEGMENT_BYTES = 8 * 1024 ** 2;
const RETRY_MS = { first: 200, longest: 10_000 };
const WARM_RETRY_MS = 5_000;

/** Outcomes are few and small: this share of the spool's bytes is theirs. */
const OUTCOME_SHARE = 1 / 16;

/** As much is for calls of earlier days; the rest is for the others. */
const EARLIER_SHARE = 1 / 16;

/** Nobody waits for calls of earlier days, and each of the days takes the store as long as a thousand calls of today. */
const EARLIER_DELAY_MS = 10_000;

/** Rows of one kind: where they wait, and which of them are known. */
export interface Stream {
  readonly spool: Spool;
  readonly duplicates: DuplicateFilter;
  /** Bound of the spool's bytes. */
  readonly maxBytes: number;
}

type RecentKeys = (sinceMs: number, limit: number) => Promise<readonly string[]>;

/** Teaches the filter what the store has; true when the store answered. */
const warm = async (
  duplicates: DuplicateFilter,
  recentKeys: RecentKeys,
  { now, log }: CollectorCollaborators,
): Promise<boolean> => {
  try {
    duplicates.remember((await recentKeys(now() - DUPLICATES.windowMs, DUPLICATES.maxKeys / 2)).toReversed());
    return true;
  } catch (error) {
    log.warn(`collector: recent rows are not known yet, resent ones may be stored twice: ${messageOf(error)}`);
    return false;
  }
};

/** Warms the filter, in the background when the store does not answer at once. Returns what ends the background work. */
const keepWarming = async (
  duplicates: DuplicateFilter,
  recentKeys: RecentKeys,
  collaborators: CollectorCollaborators,
): Promise<() => void> => {
  if (await warm(duplicates, recentKeys, collaborators)) return () => undefined;
  const timer = setInterval(async () => {
    if (await warm(duplicates, recentKeys, collaborators)) clearInterval(timer);
  }, WARM_RETRY_MS);
  return () => clearInterval(timer);
};

const unusable = (dir: string, error: unknown): LeewayError =>
  new LeewayError(
    "config-invalid",
    `collector.spool.dir: ${dir} cannot be used: ${messageOf(error)}; expected a directory this user may write`,
    { cause: error },
  );

/** Takes the directory for this process. */
const lockSpool = async (dir: string, { log }: CollectorCollaborators): Promise<HeldDirectory> => {
  const lock = await lockDirectory(dir, log).catch((error: unknown) => {
    throw unusable(dir, error);
  });
  if (lock.outcome === "locked") return lock;
  throw new LeewayError(
    "store-locked",
    `collector.spool.dir: ${dir} is in use by process ${lock.pid}; stop that agent or set another directory`,
  );
};

/** Warms both filters; the results end the background work. */
const warmBoth = async (
  spans: Stream,
  outcomes: Stream,
  collaborators: CollectorCollaborators,
): Promise<(() => Promise<void>)[]> => {
  const { recentSpanKeys, recentOutcomeKeys } = collaborators;
  const stopSpans = await keepWarming(spans.duplicates, recentSpanKeys, collaborators);
  const stopOutcomes = await keepWarming(outcomes.duplicates, recentOutcomeKeys, collaborators);
  return [async () => stopSpans(), async () => stopOutcomes()];
};

interface SpoolPlace {
  readonly owner: HeldDirectory;
  readonly dir: string;
  readonly maxBytes: number;
  readonly format: LineFormat;
  readonly insert: CollectorCollaborators["insert"];
  /** Default: as the settings say. */
  readonly maxDelayMs?: number;
}

const openSpool = async (
  { batch }: StreamSettings,
  { owner, dir, maxBytes, format, insert, maxDelayMs = batch.maxDelayMs }: SpoolPlace,
  setAside: SetAside,
  collaborators: CollectorCollaborators,
): Promise<Spool> => {
  const limits = { maxBytes, maxDelayMs, maxSegmentBytes: SEGMENT_BYTES, maxLeftoverKeys: DUPLICATES.maxKeys / 2 };
  const files = await openDirectory(dir);
  const around = { ...collaborators, owner, insert: setAside.around(insert), format, files };
  return createSpool({ ...batch, ...limits, retryMs: RETRY_MS }, around);
};

/** Everything the collector makes durable. */
export interface Streams {
  readonly spans: Stream;
  /** Calls that ended on an earlier day: they wait for the store by themselves, so that no other call waits for them. */
  readonly earlier: Stream;
  readonly outcomes: Stream;
  /** What is wrong with them and needs a person, a line each; empty when all is well. */
  readonly problems: () => readonly string[];
  /** Rows the store refused for what they say, since the start. */
  readonly setAsideRows: () => number;
  /** Stores what it can and leaves the rest on disk for the next start. */
  readonly close: () => Promise<void>;
}

const problemsOf = (dir: string, owner: HeldDirectory, spools: readonly Spool[]): readonly string[] => {
  const taken = `${dir}: another agent has taken the spool, no calls are taken in; stop one of the two and restart this one`;
  const unreadable = spools.reduce((sum, spool) => sum + spool.stats().unreadableSegments, 0);
  return [
    ...(owner.isLost() ? [taken] : []),
    ...(unreadable === 0
      ? []
      : [`${dir}: the disk does not give back ${unreadable} segments of the spool; look at it`]),
  ];
};

const streamOf = (spool: Spool, maxBytes: number, { now }: CollectorCollaborators): Stream => {
  const duplicates = createDuplicateFilter(DUPLICATES, now);
  duplicates.remember(spool.leftoverKeys.toReversed());
  return { spool, duplicates, maxBytes };
};

/**
 * Takes the directory for this process and opens both spools; what is open when one fails is closed again. Resolves
 * when the duplicates among recent rows are known, or are being asked for. Rejects with LeewayError `store-locked` or
 * `config-invalid`.
 */
export const openStreams = async (
  settings: StreamSettings,
  collaborators: CollectorCollaborators,
): Promise<Streams> => {
  const { dir, maxBytes } = settings.spool;
  const { insert, insertOutcomes } = collaborators;
  const forOutcomes = Math.floor(maxBytes * OUTCOME_SHARE);
  const forEarlier = Math.floor(maxBytes * EARLIER_SHARE);
  const owner = await lockSpool(dir, collaborators);
  const closers: (() => Promise<void>)[] = [owner.release];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  const open = async (place: SpoolPlace, setAside: SetAside): Promise<Spool> => {
    const spool = await openSpool(settings, place, setAside, collaborators);
    closers.push(() => spool.close(settings.closeGraceMs));
    return spool;
  };
  const opened = async () => {
    const refused = join(dir, "refused");
    const setAside = createSetAside({ files: await openDirectory(refused), dir: refused, log: collaborators.log });
    const spansBytes = maxBytes - forOutcomes - forEarlier;
    const below = (name: string) => ({ owner, dir: join(dir, name) });
    const places = {
      spans: { owner, dir, maxBytes: spansBytes, format: SPAN_LINES, insert },
      earlier: { ...below("earlier"), maxBytes: forEarlier, format: SPAN_LINES, insert },
      outcomes: { ...below("outcomes"), maxBytes: forOutcomes, format: OUTCOME_LINES, insert: insertOutcomes },
    };
    const spans = streamOf(await open(places.spans, setAside), spansBytes, collaborators);
    const late = await open({ ...places.earlier, maxDelayMs: EARLIER_DELAY_MS }, setAside);
    // a call is the same call by whichever way it waits
    spans.duplicates.remember(late.leftoverKeys.toReversed());
    const earlier = { spool: late, duplicates: spans.duplicates, maxBytes: forEarlier };
    const outcomes = streamOf(await open(places.outcomes, setAside), forOutcomes, collaborators);
    return { spans, earlier, outcomes, setAsideRows: setAside.rows };
  };
  try {
    const streams = await opened();
    const { spans, earlier, outcomes } = streams;
    closers.push(...(await warmBoth(spans, outcomes, collaborators)));
    const spools = [spans.spool, earlier.spool, outcomes.spool];
    return { ...streams, problems: () => problemsOf(dir, owner, spools), close };
  } catch (error) {
    await close();
    throw unusable(dir, error);
  }
};
