/** Bounds of what one body may hold, whatever its bytes: what is decoded takes far more memory than what was sent. */
export interface DecodeLimits {
  /** Resources, scopes and records (spans, log records, metrics) together. */
  readonly pieces: number;
  /** Fields in protobuf; objects, lists and commas in JSON. An attribute is four in both. */
  readonly values: number;
  /** Values of one resource, scope or record, which is decoded in one go, without those of what is in it. */
  readonly valuesInPiece: number;
  /** Bytes of the same. */
  readonly bytesInPiece: number;
  /** Messages in messages in protobuf; objects and lists in each other in JSON. */
  readonly depth: number;
}

/**
 * Twice a batch of 8,192 spans with 25 attributes is let in, spans twice as large as gRPC lets through, and attributes
 * nested 16 deep, which is as deep as they are looked at.
 */
export const DECODE_LIMITS: DecodeLimits = {
  pieces: 50_000,
  values: 2_000_000,
  valuesInPiece: 50_000,
  bytesInPiece: 8 * 1024 ** 2,
  depth: 100,
};

/** A body holds more than it may. The message is one line and never quotes the body. */
export class BodyTooLarge extends Error {}
