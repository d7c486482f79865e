/** FNV-1a over code units (Fowler, Noll, Vo): where the hash of every word begins. */
export const HASH_START: number = 0x811c9dc5 | 0;

/** The hash with one more code unit. */
export const addToHash = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

/** The hash of a word. */
export const wordHash = (word: string): number => {
  let hash = HASH_START;
  for (let at = 0; at < word.length; at += 1) hash = addToHash(hash, word.charCodeAt(at));
  return hash;
};
