import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { type Embedded, startEmbedded } from "../../../store/embedded/start-embedded.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** A running engine with a client of its admin user. */
export interface TestEngine {
  readonly engine: Embedded;
  readonly dir: string;
  readonly client: ClickHouseClient;
  /** Asks as the reader; headers and path are added to what is needed for that. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** Rows of a query in JSONEachRow. */
  readonly rows: (query: string, more?: object) => Promise<unknown[]>;
  readonly end: () => Promise<void>;
}

/** Starts the engine in a directory of its own; `end` has to be called. */
export const startTestEngine = async (): Promise<TestEngine> => {
  const { path, remove } = await temporaryDirectory();
  const engine = await startEmbedded(
    { dir: path, port: 0, hosts: ["host.docker.internal"], readable: ["d"] },
    { log: recordingLog().log, now: Date.now },
  );
  const client = createClient({
    url: engine.url,
    username: engine.user,
    password: engine.password,
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF },
  });
  return {
    engine,
    dir: path,
    client,
    ask: (asked, init = {}) =>
      fetch(engine.url + asked, {
        ...init,
        headers: {
          "x-clickhouse-user": engine.reader.user,
          "x-clickhouse-key": engine.reader.password,
          ...init.headers,
        },
      }),
    rows: async (query, more = {}) => (await client.query({ query, format: "JSONEachRow", ...more })).json(),
    end: async () => {
      await client.close();
      await engine.close();
      await remove();
    },
  };
};
