const HALF = 0x1_0000_0000;

/**
 * A 48-bit digest of a text as 12 hex digits (two FNV-1a hashes with different starts, mixed). Not cryptographic: it
 * keeps names out of what is stored and sent, it does not hide them from somebody who guesses them.
 */
export const digest = (text: string): string => {
  let [low, high] = [0x811c9dc5, 0x1234567f];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 15;
  }
  const bits = ((high >>> 0) & 0xffff) * HALF + (Math.imul(low ^ (low >>> 16), 0xc2b2ae35) >>> 0);
  return bits.toString(16).padStart(12, "0");
};
