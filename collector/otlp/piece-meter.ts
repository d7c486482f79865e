import type { OpenPiece } from "./body-piece.ts";
import { BodyTooLarge, type DecodeLimits } from "./decode-limits.ts";

/** Counts what a body holds before any of it is decoded. Every method throws BodyTooLarge at its limit. */
export interface PieceMeter {
  readonly addPiece: () => void;
  /** Takes in a piece that is complete. */
  readonly addComplete: (piece: OpenPiece) => void;
  /** Looks at the values of a piece that is not complete yet. */
  readonly checkValues: (values: number) => void;
  readonly checkDepth: (depth: number) => void;
}

const tooMany = (limit: number, what: string): BodyTooLarge => new BodyTooLarge(`more than ${limit} ${what}`);

const ownBytes = ({ start, end, children }: OpenPiece): number =>
  children.reduce((bytes, child) => bytes - (child.end - child.start), end - start);

/** A meter at zero. */
export const createPieceMeter = (limits: DecodeLimits): PieceMeter => {
  const { pieces, values, valuesInPiece, bytesInPiece, depth } = limits;
  let [seenPieces, seenValues] = [0, 0];
  const checkValues = (count: number): void => {
    if (count > valuesInPiece) throw tooMany(valuesInPiece, "values in one resource, scope or record");
  };
  return {
    addPiece() {
      seenPieces += 1;
      if (seenPieces > pieces) throw tooMany(pieces, "resources, scopes and records; send smaller batches");
    },
    addComplete(piece) {
      checkValues(piece.values);
      seenValues += piece.values;
      if (seenValues > values) throw tooMany(values, "values; send smaller batches");
      if (ownBytes(piece) > bytesInPiece) throw tooMany(bytesInPiece, "bytes in one resource, scope or record");
    },
    checkValues,
    checkDepth(levels) {
      if (levels > depth) throw tooMany(depth, "levels of nesting");
    },
  };
};
