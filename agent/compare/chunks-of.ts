import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

type Bytes = Uint8Array<ArrayBufferLike>;

/** With a byte order mark, or by the zero that JSON in UTF-16 has beside its first character. */
const encodingOf = ([first, second]: Bytes): "utf-16le" | "utf-16be" | "utf-8" => {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
};

/**
 * The text of a file, piece by piece: UTF-8 or UTF-16, with or without a byte order mark, as it is or in gzip. Bytes that are
 * no text become U+FFFD. Rejects with the disk's error.
 */
export async function* chunksOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path);
  // Looked at in the stream: a pipe cannot be opened a second time.
  await once(stream, "readable");
  const head: Bytes | null = stream.read();
  if (head !== null) stream.unshift(head);
  const isZipped = head?.[0] === 0x1f && head[1] === 0x8b;
  const bytes: AsyncIterable<Bytes> = isZipped ? stream.pipe(createGunzip()) : stream;
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== null) yield decoder.decode();
}
