/** A part of a body that is decoded by itself: the whole of it, a resource, a scope of it, a record. */
export interface Piece {
  /** Offsets of its bytes, in JSON with its braces, in protobuf without its length; `end` is behind the last. */
  readonly start: number;
  readonly end: number;
  /** The pieces inside it, in the order of their bytes. */
  readonly children: readonly Piece[];
}

/** A piece whose end is not reached yet. */
export interface OpenPiece {
  readonly start: number;
  end: number;
  readonly children: Piece[];
  /** Of its own, without those of its children. */
  values: number;
}

/** A piece that begins at `start`. */
export const openPiece = (start: number, end: number): OpenPiece => ({ start, end, children: [], values: 0 });
