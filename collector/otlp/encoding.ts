/** The two encodings of OTLP/HTTP. A response uses the encoding of its request. */
export type Encoding = "protobuf" | "json";

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "application/x-protobuf": "protobuf",
  "application/protobuf": "protobuf",
  "application/json": "json",
};

/** Content type of each encoding. */
export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** The encoding a Content-Type header names, parameters such as `charset` ignored; null when it is neither. */
export const encodingOf = (contentType: string | undefined): Encoding | null => {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return ENCODINGS[type] ?? null;
};
