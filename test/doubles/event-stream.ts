import { crc32 } from "node:zlib";

/** Headers of one message; every value is a string. */
export type EventHeaders = Readonly<Record<string, string>>;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const header = (name: string, value: string): Buffer => {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  // 7 = the value is a string.
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([7]), length, text]);
};

/** One message of AWS's event stream encoding: lengths, headers and payload, each with its checksum. */
export const eventStreamMessage = (headers: EventHeaders, payload: string): Buffer => {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload);
  const lengths = Buffer.concat([uint32(16 + head.length + body.length), uint32(head.length)]);
  const message = Buffer.concat([lengths, uint32(crc32(lengths)), head, body]);
  return Buffer.concat([message, uint32(crc32(message))]);
};
