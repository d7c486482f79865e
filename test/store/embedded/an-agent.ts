import { openStore } from "../../../store/open-store.ts";
import { aBatch, aSpan } from "../a-span.ts";
import { recordingLog } from "../recording-log.ts";
import { embeddedSettings } from "../test-store.ts";

/* A process that opens a store, adds a span and waits to be killed; started by the tests. */

const dir = process.argv[2] ?? "";
const store = await openStore(embeddedSettings(dir), { log: recordingLog().log, now: Date.now });
await store.insertSpans(aBatch([aSpan()], "from-the-agent"));
process.send?.({ url: store.endpoint.url });
setInterval(() => undefined, 1_000);
