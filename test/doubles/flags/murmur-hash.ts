const MASK = 0xffffffff;
const rotate = (value: number, bits: number): number => ((value << bits) | (value >>> (32 - bits))) >>> 0;
const times = (a: number, b: number): number => Math.imul(a, b) >>> 0;

/** MurmurHash3, x86, 32 bits, of a text in ASCII: what flag SDKs deal their users by. */
export const murmurHash = (text: string, seed: number): number => {
  const bytes = Buffer.from(text, "utf8");
  let hash = seed;
  const mix = (block: number): number => times(rotate(times(block, 0xcc9e2d51), 15), 0x1b873593);
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4)
    hash = (Math.imul(rotate((hash ^ mix(bytes.readUInt32LE(at))) >>> 0, 13), 5) + 0xe6546b64) & MASK;
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at -= 1) tail = (tail << 8) | (bytes[at] ?? 0);
  if (whole < bytes.length) hash ^= mix(tail >>> 0);
  hash = (hash ^ bytes.length) >>> 0;
  hash = times(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = times(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
