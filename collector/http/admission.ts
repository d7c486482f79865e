import type { AdmissionStats } from "../../core/collector-stats.ts";
import { createServiceTime } from "./service-time.ts";

/** How much may be under way at a time. */
export interface AdmissionSettings {
  readonly maxRequests: number;
  /** Of bodies that are being read or wait for their turn. */
  readonly maxBytes: number;
  /** How long the bodies ahead may keep a new one waiting, as measured, ms. */
  readonly maxWaitMs: number;
  /** How long rows may take to reach the disk before no more are taken, ms. */
  readonly maxDiskMs: number;
  /** Largest body, as sent and inflated. */
  readonly maxBodyBytes: number;
}

/** A second of work, which is far from the ten that exporters wait for an answer also where it takes longer than thought. */
export const DEFAULT_ADMISSION: Omit<AdmissionSettings, "maxBodyBytes" | "maxBytes"> = {
  maxRequests: 256,
  maxWaitMs: 1_000,
  maxDiskMs: 5_000,
};

/** Why a request is not let in, both for a while only: there is too much to do, or rows do not reach the disk. */
export type Congestion = "overloaded" | "disk-slow";

/** A request that was let in. */
export interface Visit {
  /** Its body is here, of so many bytes, and waits to be decoded. */
  readonly arrived: (bytes: number) => void;
  /** It is decoded; what it holds is on its way to the disk. */
  readonly decoded: () => void;
  /** It is answered, or its sender has gone. */
  readonly leave: () => void;
}

/** Whether a request is let in. */
export type Entry =
  | { readonly outcome: "admitted"; readonly visit: Visit }
  /** `retryAfterS`: when the sender should come again, in whole seconds. */
  | { readonly outcome: "refused"; readonly why: Congestion; readonly retryAfterS: number };

/** What can be told of a request by its head. */
export interface Announced {
  /** Content-Length; null for a chunked body. */
  readonly bytes: number | null;
  readonly gzipped: boolean;
  /** Called when it is to make room, before its body has arrived: it then leaves. */
  readonly abandon: () => void;
}

/** Lets requests in, or not, before their bodies are read. */
export interface Admission {
  readonly enter: (announced: Announced) => Entry;
  readonly stats: () => AdmissionStats;
}

/** What admission needs. */
export interface AdmissionCollaborators {
  /** Monotonic, ms. */
  readonly elapsed: () => number;
  /** How long the loop has been at work, since any moment, ms: what it waits for is left out. Default: `elapsed`. */
  readonly busy?: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** What OTLP in JSON inflates to; a guess that is corrected when the body has been read. */
const INFLATION = 16;

/** Refused senders come again within these seconds, each at another moment, after what they would wait for. */
const SPREAD_S = 3;
const LONGEST_RETRY_S = 30;

/** A body that takes longer than this to arrive may have to make room, ms. */
const SLOW_BODY_MS = 2_000;

interface Arriving {
  readonly since: number;
  readonly abandon: () => void;
}

const largest = ({ bytes, gzipped }: Announced, max: number): number =>
  bytes === null ? max : Math.min(max, gzipped ? bytes * INFLATION : bytes);

/**
 * Ingest shares one process and one loop with the flags, the commands and the judging, none of which may wait for it.
 * So a request is let in by what it would have to wait for: the bodies ahead of it, times what the loop has lately taken
 * for a byte. That is a time whatever the machine, the size of the bodies and whatever else the loop is busy with, it
 * needs no rate to be configured or found by trial, and it is when a refused sender should come again. A body that has
 * not arrived counts as a usual one, and a slow one not at all, so that nobody keeps others out by announcing much; and
 * where nothing is under way a request is always let in: what was measured cannot lock it out. Bytes and requests are
 * bounded beside, for the memory, and slow bodies make room first; and rows that do not reach the disk keep further ones
 * out, for a disk that hangs costs the senders their patience either way.
 */
export const createAdmission = (
  settings: AdmissionSettings,
  { elapsed, busy = elapsed, random }: AdmissionCollaborators,
): Admission => {
  const service = createServiceTime(busy);
  const { maxRequests, maxBytes, maxWaitMs, maxDiskMs, maxBodyBytes } = settings;
  /** Both in the order they began. */
  const arriving = new Map<symbol, Arriving>();
  const working = new Map<symbol, number>();
  let [requests, bytes] = [0, 0];

  const isSlow = ({ since }: Arriving): boolean => elapsed() - since > SLOW_BODY_MS;
  const stats = (): AdmissionStats => {
    const [first] = working.values();
    const coming = [...arriving.values()].filter((each) => !isSlow(each)).length;
    return {
      requests,
      bytes,
      waitMs: service.waitMs() + coming * service.usualMs(),
      diskMs: first === undefined ? null : elapsed() - first,
    };
  };
  const refuse = (why: Congestion, waitMs: number): Entry => ({
    outcome: "refused",
    why,
    retryAfterS: Math.min(LONGEST_RETRY_S, 1 + Math.floor(waitMs / 1000 + random() * SPREAD_S)),
  });
  const hasRoom = (wanted: number): boolean => requests < maxRequests && bytes + wanted <= maxBytes;
  const makeRoom = (wanted: number): boolean => {
    for (const each of [...arriving.values()]) {
      if (hasRoom(wanted) || !isSlow(each)) break;
      each.abandon();
    }
    return hasRoom(wanted);
  };
  const visit = (announced: number, abandon: () => void): Visit => {
    const id = Symbol();
    let [held, isHere] = [0, true];
    const hold = (next: number): void => {
      bytes += next - held;
      held = next;
    };
    const served = service.begin();
    const leave = (): void => {
      served.end();
      hold(0);
      arriving.delete(id);
      working.delete(id);
      if (isHere) requests -= 1;
      isHere = false;
    };
    const makeWay = (): void => {
      leave();
      abandon();
    };
    requests += 1;
    hold(announced);
    arriving.set(id, { since: elapsed(), abandon: makeWay });
    return {
      arrived: (size) => {
        arriving.delete(id);
        hold(size);
        served.arrived(size);
      },
      decoded: () => {
        served.decoded();
        hold(0);
        working.set(id, elapsed());
      },
      leave,
    };
  };
  return {
    stats,
    enter: (announced) => {
      const held = largest(announced, maxBodyBytes);
      const { waitMs, diskMs } = stats();
      if (diskMs !== null && diskMs > maxDiskMs) return refuse("disk-slow", waitMs);
      if (requests > 0 && waitMs > maxWaitMs) return refuse("overloaded", waitMs);
      if (!makeRoom(held)) return refuse("overloaded", waitMs);
      return { outcome: "admitted", visit: visit(held, announced.abandon) };
    },
  };
};
