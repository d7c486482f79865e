const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];

/** A length-delimited protobuf field. */
export const field = (id: number, content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint(id * 8 + 2), ...varint(bytes.length)]), bytes]);
};

/** A protobuf field of eight bytes. */
export const fixed64 = (id: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([Buffer.from(varint(id * 8 + 1)), bytes]);
};

/** The same bytes again and again, up to `bytes` of them. */
export const filled = (piece: Uint8Array | readonly number[] | string, bytes: number): Buffer => {
  const unit = typeof piece === "string" ? Buffer.from(piece) : Buffer.from([...piece]);
  return Buffer.alloc(Math.floor(bytes / unit.length) * unit.length, unit);
};

/** `inner` inside `levels` fields, each of the ids in turn. */
export const nested = (ids: readonly number[], levels: number, inner: Uint8Array): Buffer => {
  // from the inside out, each head before the one it holds: quadratic copying would take minutes
  const heads: Buffer[] = [];
  let length = inner.length;
  for (let level = 0; level < levels; level += 1) {
    const head = Buffer.from([...varint((ids[level % ids.length] ?? 1) * 8 + 2), ...varint(length)]);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat([...heads.reverse(), inner]);
};
