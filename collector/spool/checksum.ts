import { crc32 } from "node:zlib";

/** CRC-32 of `content` continuing from `previous` (0 at the start). */
export const extendChecksum = (previous: number, content: Uint8Array): number => crc32(content, previous);

/** A checksum as 8 hex digits, as segment names carry it. */
export const checksumText = (checksum: number): string => checksum.toString(16).padStart(8, "0");
