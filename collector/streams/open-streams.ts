import { join } from "node:path";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { membersOf } from "../../core/exhaustive.ts";
import type { CollectorCollaborators } from "../collaborators.ts";
import type { CollectorSettings } from "../collector-settings.ts";
import { createDuplicateFilter, type DuplicateFilter } from "../duplicate-filter.ts";
import { keepAsking } from "../keep-asking.ts";
import { createSetAside, type SetAside } from "../set-aside.ts";
import { createSpool } from "../spool/create-spool.ts";
import { openDirectory } from "../spool/directory-files.ts";
import { type HeldDirectory, lockDirectory } from "../spool/directory-lock.ts";
import type { LineFormat } from "../spool/lines.ts";
import type { Spool } from "../spool/spool.ts";
import { type RecentKeys, STREAM_TYPES, type StreamName, type StreamType } from "./stream-types.ts";

/** What opening the spools is told. */
export interface StreamSettings extends Pick<CollectorSettings, "spool" | "batch"> {
  /** How long closing waits for the store, ms. */
  readonly closeGraceMs: number;
}

/** What opening the spools needs. */
export interface StreamCollaborators extends CollectorCollaborators {
  /** Hears each row that an earlier run left behind, by the folder of its stream, as its line. */
  readonly leftover?: (folder: string, line: string) => void;
}

/** Senders resend within their own timeout and queue; 15 minutes and half a million rows cover both. */
const DUPLICATES = { maxKeys: 500_000, windowMs: 900_000 };
const SEGMENT_BYTES = 8 * 1024 ** 2;
const RETRY_MS = { first: 200, longest: 10_000 };

/** Rows of one kind: where they wait, and which of them are known. */
export interface Stream {
  readonly spool: Spool;
  readonly duplicates: DuplicateFilter;
  /** Bound of the spool's bytes. */
  readonly maxBytes: number;
}

/** Teaches the filter what the store has. Returns what ends the background work. */
const keepWarming = (
  duplicates: DuplicateFilter,
  recentKeys: RecentKeys,
  collaborators: CollectorCollaborators,
): Promise<() => void> =>
  keepAsking(
    async () => {
      const since = collaborators.now() - DUPLICATES.windowMs;
      duplicates.remember((await recentKeys(since, DUPLICATES.maxKeys / 2)).toReversed());
    },
    "recent rows are not known yet, resent ones may be stored twice",
    collaborators,
  );

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

interface SpoolPlace {
  readonly owner: HeldDirectory;
  readonly dir: string;
  readonly folder: string;
  readonly maxBytes: number;
  readonly format: LineFormat;
  readonly insert: CollectorCollaborators["insert"];
  /** Default: as the settings say. */
  readonly maxDelayMs?: number;
}

const openSpool = async (
  { batch }: StreamSettings,
  { owner, dir, folder, maxBytes, format, insert, maxDelayMs = batch.maxDelayMs }: SpoolPlace,
  setAside: SetAside,
  { leftover, ...collaborators }: StreamCollaborators,
): Promise<Spool> => {
  const limits = { maxBytes, maxDelayMs, maxSegmentBytes: SEGMENT_BYTES, maxLeftoverKeys: DUPLICATES.maxKeys / 2 };
  const files = await openDirectory(dir);
  const around = { ...collaborators, owner, insert: setAside.around(insert), format, files };
  const heard = leftover === undefined ? {} : { leftover: (line: string) => leftover(folder, line) };
  return createSpool({ ...batch, ...limits, retryMs: RETRY_MS }, { ...around, ...heard });
};

/** Everything the collector makes durable, by the names of its types. */
export interface Streams<Name extends string = StreamName> {
  readonly of: Readonly<Record<Name, Stream>>;
  /** What is wrong with them and needs a person, a line each; empty when all is well. */
  readonly problems: () => readonly string[];
  /** Rows the store refused for what they say, since the start. */
  readonly setAsideRows: () => number;
  /** Resolves when everything acknowledged so far is in the store; rejects with the store's error at the first failed try. */
  readonly flush: () => Promise<void>;
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

/** Bytes of each stream's spool: what it asks for, and for the one that asks for nothing what the others leave. */
const shareBytes = (maxBytes: number, types: readonly StreamType[]): ReadonlyMap<StreamType, number> => {
  const asked = new Map(types.map((type) => [type, Math.floor(maxBytes * (type.share ?? 0))] as const));
  const left = maxBytes - [...asked.values()].reduce((sum, each) => sum + each, 0);
  return new Map(types.map((type) => [type, type.share === null ? left : (asked.get(type) ?? 0)]));
};

/**
 * Takes the directory for this process and opens the spool of every stream; what is open when one fails is closed again.
 * Resolves when the duplicates among recent rows are known, or are being asked for. Rejects with LeewayError
 * `store-locked` or `config-invalid`.
 */
export const openStreams = async <Name extends string = StreamName>(
  settings: StreamSettings,
  collaborators: StreamCollaborators,
  types: Readonly<Record<Name, StreamType<Name>>> = STREAM_TYPES as unknown as Readonly<Record<Name, StreamType<Name>>>,
): Promise<Streams<Name>> => {
  const { dir, maxBytes } = settings.spool;
  const { now, log } = collaborators;
  const names = membersOf<Name>(types);
  const bytes = shareBytes(maxBytes, Object.values(types));
  const owner = await lockSpool(dir, collaborators);
  const closers: (() => Promise<void>)[] = [owner.release];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  const opened = async () => {
    const refused = join(dir, "refused");
    const setAside = createSetAside({ files: await openDirectory(refused), dir: refused, log });
    const streams = new Map<Name, Stream>();
    for (const name of names) {
      const type = types[name];
      const { folder, format, maxDelayMs, duplicatesOf } = type;
      const bound = bytes.get(type) ?? 0;
      const place = {
        owner,
        folder,
        dir: join(dir, folder),
        maxBytes: bound,
        format,
        insert: type.insert(collaborators),
      };
      const delay = maxDelayMs === null ? {} : { maxDelayMs };
      const spool = await openSpool(settings, { ...place, ...delay }, setAside, collaborators);
      closers.push(() => spool.close(settings.closeGraceMs));
      // A row is the same row by whichever way it waits.
      const shared = duplicatesOf === null ? undefined : streams.get(duplicatesOf);
      const duplicates = shared?.duplicates ?? createDuplicateFilter(DUPLICATES, now);
      duplicates.remember(spool.leftoverKeys.toReversed());
      streams.set(name, { spool, duplicates, maxBytes: bound });
    }
    return { streams, setAside };
  };
  try {
    const { streams, setAside } = await opened();
    for (const name of names) {
      const keys = types[name].recentKeys(collaborators);
      const duplicates = streams.get(name)?.duplicates;
      if (keys === null || duplicates === undefined) continue;
      const stop = await keepWarming(duplicates, keys, collaborators);
      closers.push(async () => stop());
    }
    const spools = [...streams.values()].map(({ spool }) => spool);
    return {
      of: Object.fromEntries(streams) as Record<Name, Stream>,
      problems: () => problemsOf(dir, owner, spools),
      setAsideRows: setAside.rows,
      flush: async () => {
        for (const spool of spools) await spool.flush();
      },
      close,
    };
  } catch (error) {
    await close();
    throw unusable(dir, error);
  }
};
