import type { Piece } from "./body-piece.ts";
import type { Fields } from "./fields.ts";

/** Where a piece stands: the body, a resource in it, a scope of that, a record of that. */
export type PieceLevel = "body" | "resource" | "scope" | "record";

/** A body whose pieces are known and can be decoded one by one, in any order. */
export interface CutBody {
  readonly root: Piece;
  /** The message of a piece, without those of its children. Throws when it is none. */
  readonly fields: (piece: Piece, level: PieceLevel) => Fields;
  /** The children that are the repeated field `name` of a piece. Throws when that is no list of messages. */
  readonly children: (piece: Piece, fields: Fields, name: string) => Iterable<Piece>;
}
