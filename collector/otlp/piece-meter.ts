import { BodyTooLarge, type DecodeLimits } from "./decode-limits.ts";

/** Counts what a body holds before any of it is decoded. Every method throws BodyTooLarge at its limit. */
export interface PieceMeter {
  readonly addPiece: () => void;
  /** Takes in the values of a piece, which is complete. */
  readonly addValues: (values: number) => void;
  /** Looks at the values of a piece that is not complete yet. */
  readonly checkValues: (values: number) => void;
  readonly checkDepth: (depth: number) => void;
}

const tooMany = (limit: number, what: string): BodyTooLarge => new BodyTooLarge(`more than ${limit} ${what}`);

/** A meter at zero. */
export const createPieceMeter = ({ pieces, values, valuesInPiece, depth }: DecodeLimits): PieceMeter => {
  let [seenPieces, seenValues] = [0, 0];
  const checkValues = (count: number): void => {
    if (count > valuesInPiece) throw tooMany(valuesInPiece, "values in one resource, scope or record");
  };
  return {
    addPiece() {
      seenPieces += 1;
      if (seenPieces > pieces) throw tooMany(pieces, "resources, scopes and records; send smaller batches");
    },
    addValues(more) {
      checkValues(more);
      seenValues += more;
      if (seenValues > values) throw tooMany(values, "values; send smaller batches");
    },
    checkValues,
    checkDepth(levels) {
      if (levels > depth) throw tooMany(depth, "levels of nesting");
    },
  };
};
