/** Two hex digits for every byte: Number.toString(16) takes ten times as long. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const byteOf = (bits: number, shift: number): string => HEX[(bits >>> shift) & 0xff] ?? "";

/**
 * A 48-bit digest of a text as 12 hex digits (two FNV-1a hashes with different starts, mixed). Not cryptographic: it
 * keeps names out of what is stored and sent, it does not hide them from somebody who guesses them.
 */
export const digest = (text: string): string => {
  let low = 0x811c9dc5 | 0;
  let high = 0x1234567f;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 15;
  }
  const mixed = Math.imul(low ^ (low >>> 16), 0xc2b2ae35);
  return (
    byteOf(high, 8) + byteOf(high, 0) + byteOf(mixed, 24) + byteOf(mixed, 16) + byteOf(mixed, 8) + byteOf(mixed, 0)
  );
};
