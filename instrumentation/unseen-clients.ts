import { objectOf, textOf } from "../formats/json/read-json.ts";
import { providerOf } from "../formats/wire/provider-of.ts";
import { wireFormatOf } from "../formats/wire/wire-formats.ts";
import type { CallObserver } from "./fetch/call-observer.ts";
import { hear } from "./hear.ts";
import { printLine } from "./print-line.ts";

/** Says, once for each client, that a call of a model is made by one that cannot be read. */
export type TellUnseen = (client: string, host: string, workaround: string) => void;

/** Starts with nothing said. */
export const createTellUnseen = (print: (line: string) => void = printLine): TellUnseen => {
  const told = new Set<string>();
  return (client, host, workaround) => {
    if (told.has(client)) return;
    told.add(client);
    print(`leeway: ${host} is called by ${client}, whose calls cannot be read: ${workaround}`);
  };
};

/** Published by newer versions of Node for every request of node:http2. */
const HTTP2 = "http2.client.stream.created";

/** Watches for model calls over node:http2, whose bodies are not followed; those of the AWS SDK are, from inside. */
export const watchHttp2 = (observer: CallObserver, tell: TellUnseen): void => {
  const created = (message: unknown): void => {
    const headers = objectOf(objectOf(message).headers);
    if (headers[":method"] !== "POST" || observer.isInside()) return;
    const url = URL.parse(`https://${textOf(headers[":authority"])}${textOf(headers[":path"])}`);
    // Paths alone say little of what is none of the known providers.
    if (url === null || providerOf(url) === null || wireFormatOf(url) === null) return;
    const isAws = providerOf(url) === "aws.bedrock";
    tell("node:http2", url.hostname, isAws ? "give its client to instrumentBedrock" : "use fetch or HTTP/1.1 for it");
  };
  hear(HTTP2, observer, created);
};
