/** Longest piece of a content pattern that a chunk border may cut. */
const OVERLAP = 48;

/**
 * Returns a function that is given every piece of a body in turn and says whether `content` has been seen by now.
 * Tried on the raw text, because parsing every chunk a second time is what makes hooks slow. The patterns are ASCII,
 * so the bytes are read as Latin-1: cheap, and no character can be cut.
 */
export const createFirstContent = (content: RegExp): ((piece: Uint8Array) => boolean) => {
  let tail = "";
  let found = false;
  return (piece) => {
    if (found) return true;
    const text = tail + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    found = content.test(text);
    tail = text.slice(-OVERLAP);
    return found;
  };
};
