import { request } from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEngine, type TestEngine } from "./engine-client.ts";

/* ClickHouse's HTTP interface as its own client, curl and Grafana's client use it. */

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
  await test.client.command({ query: "CREATE DATABASE d ENGINE = Atomic" });
  await test.client.command({ query: "CREATE TABLE d.t (a UInt32, b String) ENGINE = MergeTree ORDER BY a" });
});
afterAll(() => test.end());

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const authorization = (): string => `Basic ${btoa(`${test.engine.user}:${test.engine.password}`)}`;

const http = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(test.engine.url + path, { ...init, headers: { authorization: authorization(), ...init.headers } });

const emptyTable = (): Promise<unknown> => test.client.command({ query: "TRUNCATE TABLE d.t" });

const stored = (): Promise<unknown[]> => test.rows("SELECT * FROM d.t ORDER BY a");

describe("@clickhouse/client", () => {
  it("binds parameters of every kind, dates to the millisecond", async () => {
    const query_params = {
      n: 5,
      s: "tab\t quote' slash\\ line\n null \\N",
      d: new Date(1_790_000_000_123),
      list: ["a'b", "c\\"],
      none: null,
      map: { k: 1 },
      name: "t",
    };
    const query = `SELECT {n:UInt8} AS n, {s:String} AS s, toUnixTimestamp64Milli({d:DateTime64(3, 'UTC')}) AS d,
      {list:Array(String)} AS list, {none:Nullable(String)} AS none, {map:Map(String, UInt8)} AS map,
      (SELECT count() FROM d.{name:Identifier}) AS c`;
    const expected = { ...query_params, d: 1_790_000_000_123, c: 0, name: undefined };
    for (const use_multipart_params of [false, true]) {
      const [row] = await test.rows(query, { query_params, use_multipart_params, clickhouse_settings: INTEGERS });
      expect({ ...(row as object), name: undefined }).toEqual(expected);
    }
  });

  const INTEGERS = { output_format_json_quote_64bit_integers: 0 } as const;

  it("keeps parameters of queries that run at once apart", async () => {
    const asked = Array.from({ length: 60 }, (_, i) => i);
    const answers = await Promise.all(asked.map((i) => test.rows("SELECT {i:UInt32} AS i", { query_params: { i } })));
    expect(answers.flat()).toEqual(asked.map((i) => ({ i })));
  });

  it("reads JSON with metadata, text, and a stream of rows", async () => {
    const json = await test.client.query({ query: "SELECT number AS n FROM numbers(2)", format: "JSONCompact" });
    expect(await json.json()).toMatchObject({ meta: [{ name: "n" }], rows: 2 });
    const csv = await test.client.query({ query: "SELECT 1, 'a'", format: "CSVWithNames" });
    expect(await csv.text()).toBe('"1","\'a\'"\n1,"a"\n');
    const stream = (
      await test.client.query({ query: "SELECT number AS n FROM numbers(30000)", format: "JSONCompactEachRow" })
    ).stream();
    let rows = 0;
    for await (const chunk of stream) rows += chunk.length;
    expect(rows).toBe(30_000);
  });

  it.each([
    [
      "objects",
      "JSONEachRow",
      (): unknown => [
        { a: 1, b: "x;\n--'é😀" },
        { a: 2, b: "" },
      ],
    ],
    [
      "arrays",
      "JSONCompactEachRow",
      (): unknown => [
        [1, "x;\n--'é😀"],
        [2, ""],
      ],
    ],
    [
      "a stream of objects",
      "JSONEachRow",
      (): unknown =>
        Readable.from([
          { a: 1, b: "x;\n--'é😀" },
          { a: 2, b: "" },
        ]),
    ],
    [
      "a raw stream",
      "TabSeparated",
      (): unknown => Readable.from(["1\tx;\\n--'é😀\n", "2\t\n"], { objectMode: false }),
    ],
  ])("inserts %s", async (_name, format, values) => {
    await emptyTable();
    const { summary } = await test.client.insert({ table: "d.t", values: values() as never, format: format as never });
    expect(summary?.written_rows).toBe("2");
    expect(await stored()).toEqual([
      { a: 1, b: "x;\n--'é😀" },
      { a: 2, b: "" },
    ]);
  });

  it.each(["RowBinary", "Native", "Parquet", "ArrowStream"])("inserts the bytes of %s unchanged", async (format) => {
    await emptyTable();
    const random = "SELECT toUInt32(number) AS a, unhex(hex(sipHash128(number))) AS b FROM numbers(5000)";
    const made = await http("/", { method: "POST", body: `${random} FORMAT ${format}` });
    const bytes = Buffer.from(await made.arrayBuffer());
    const { stream } = await test.client.exec({
      query: `INSERT INTO d.t FORMAT ${format}`,
      values: Readable.from([bytes], { objectMode: false }),
    });
    await buffer(stream);
    const [sums] = await test.rows(
      `SELECT count() AS n, (SELECT sum(cityHash64(a, b)) FROM (${random})) = sum(cityHash64(a, b)) AS same FROM d.t`,
      { clickhouse_settings: INTEGERS },
    );
    expect(sums).toEqual({ n: 5000, same: 1 });
  });

  it("applies settings to one statement and never to the next", async () => {
    const query = "SELECT getSetting('max_threads') AS threads, getSetting('insert_deduplication_token') AS token";
    const clickhouse_settings = { max_threads: 1, insert_deduplication_token: "t" };
    const [changed] = await test.rows(query, { clickhouse_settings });
    const [unchanged] = await test.rows(query);
    expect(changed).toEqual({ threads: 1, token: "t" });
    expect(unchanged).toMatchObject({ token: "" });
    expect(await test.rows("SELECT getSetting('max_threads') AS t SETTINGS max_threads = 3")).toEqual([{ t: 3 }]);
  });

  it.each([
    ["SELEC 1", "62", "SYNTAX_ERROR"],
    ["SELECT 1; SELECT 2", "62", "SYNTAX_ERROR"],
    ["SELECT * FROM nowhere", "60", "UNKNOWN_TABLE"],
    ["SELECT nothing FROM d.t", "47", "UNKNOWN_IDENTIFIER"],
    ["SELECT {missing:UInt8}", "456", "UNKNOWN_QUERY_PARAMETER"],
    ["SELECT sleep(3) SETTINGS max_execution_time = 1", "159", "TIMEOUT_EXCEEDED"],
  ])("learns code and name of the error in %j", async (query, code, type) => {
    expect(await errorOf(test.rows(query))).toMatchObject({ code, type });
  });

  it("never gets rows of a query that failed half-way with the next one", async () => {
    const failing = "SELECT number, throwIf(number = 200000) FROM numbers(300000)";
    expect(await errorOf(test.rows(failing))).toMatchObject({ code: "395" });
    expect(await Promise.all([1, 2, 3, 4].map((n) => test.rows(`SELECT ${n} AS n`)))).toEqual(
      [1, 2, 3, 4].map((n) => [{ n }]),
    );
  });

  it("keeps nothing of an insert with a bad row", async () => {
    await emptyTable();
    const values = Readable.from(['{"a":1,"b":"x"}\n{"a":"no number","b":"y"}\n'], { objectMode: false });
    const insert = test.client.exec({ query: "INSERT INTO d.t FORMAT JSONEachRow", values });
    expect(await errorOf(insert)).toMatchObject({ type: expect.stringMatching(/^CANNOT_PARSE/) });
    expect(await stored()).toEqual([]);
  });

  it("is refused with a wrong password", async () => {
    const answer = await fetch(`${test.engine.url}/?query=SELECT+1&user=leeway&password=guess`);
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([403, "516"]);
  });
});

/** What a query, a ping and the bare address are answered with; fetch would not send these headers. */
const statuses = (headers: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
  const options = { headers: { authorization: authorization(), ...headers } };
  const ask = (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const sent = request(test.engine.url + path, options, (answer) => {
        text(answer).then(() => resolve(answer.statusCode), reject);
      });
      sent.on("error", reject).end();
    });
  return Promise.all(["/?query=SELECT+1", "/ping", "/"].map(ask));
};

describe("plain HTTP", () => {
  it("answers /ping and a GET, and a GET cannot write", async () => {
    expect(await (await http("/ping")).text()).toBe("Ok.\n");
    expect(await (await http("/?query=SELECT+1")).text()).toBe("1\n");
    const answer = await http(`/?query=${encodeURIComponent("TRUNCATE TABLE d.t")}`);
    expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([403, "164"]);
  });

  it("puts the statement together from URL and body, and names the format of the answer", async () => {
    const answer = await http("/?query=SELECT+1&default_format=JSONEachRow", { method: "POST", body: "+ 1 AS n" });
    expect(await answer.text()).toBe('{"n":2}\n');
    expect(answer.headers.get("x-clickhouse-format")).toBe("JSONEachRow");
    const named = await http("/?default_format=JSON", { method: "POST", body: "SELECT 1 FORMAT CSV" });
    expect([named.headers.get("x-clickhouse-format"), await named.text()]).toEqual(["CSV", "1\n"]);
  });

  it.each([
    ["VALUES in the body", "", "INSERT INTO d.t (b, a) VALUES ('x; y', 1), ('\\'', 2);"],
    ["rows behind FORMAT in the body", "", 'INSERT INTO t FORMAT JSONEachRow\n{"a":1,"b":"x; y"}\n{"a":2,"b":"\'"}'],
    ["the statement in the URL", "INSERT INTO t FORMAT CSV", "1,x; y\n2,'\n"],
    ["INSERT SELECT", "", "INSERT INTO t SELECT number + 1, ['x; y', '\\''][number + 1] FROM numbers(2)"],
  ])("inserts %s", async (_name, query, body) => {
    await emptyTable();
    const path = `/?database=d&query=${encodeURIComponent(query)}`;
    const answer = await http(path, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(await stored()).toEqual([
      { a: 1, b: "x; y" },
      { a: 2, b: "'" },
    ]);
  });

  it("takes gzip, gives gzip when asked, and refuses damaged gzip", async () => {
    const zipped = await http("/?enable_http_compression=1", {
      method: "POST",
      body: gzipSync("SELECT 'zipped'"),
      headers: { "content-encoding": "gzip", "accept-encoding": "gzip" },
    });
    expect([zipped.headers.get("content-encoding"), await zipped.text()]).toEqual(["gzip", "zipped\n"]);
    const damaged = await http("/", { method: "POST", body: "no gzip", headers: { "content-encoding": "gzip" } });
    expect(damaged.status).toBe(400);
  });

  it.each([
    ["a foreign name", { host: "evil.example.com" }],
    ["a name of one word, which a search domain may complete", { host: "intranet" }],
    ["an address of another network", { host: "192.168.1.7" }],
    ["another site's page", { origin: "https://evil.example.com" }],
    ["a page without an origin", { origin: "null" }],
    ["a link or image of another site", { "sec-fetch-site": "cross-site" }],
    ["another port of this machine", { "sec-fetch-site": "same-site" }],
  ])("is not served to %s, not even a ping", async (_name, headers) => {
    expect(await statuses(headers)).toEqual([403, 403, 403]);
  });

  it.each(["localhost", "127.0.0.1:8123", "[::1]:8123", "host.docker.internal:8123"])(
    "is served to %s, which is the loopback or was listed",
    async (host) => {
      expect(await statuses({ host })).toEqual([200, 200, 200]);
    },
  );
});

describe("a native client", () => {
  const ask = async (sql: string, revision: number): Promise<Buffer> => {
    const answer = await http(`/?default_format=Native&client_protocol_version=${revision}`, {
      method: "POST",
      body: sql,
    });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };

  it("gets blocks with a header and a flag per column from revision 54454", async () => {
    const header = [1, 0, 2, 255, 255, 255, 255, 0];
    const column = [1, 0x61, 5, ...Buffer.from("UInt8")];
    const sql = "SELECT toUInt8(7) AS a";
    expect([...(await ask(sql, 54_460))]).toEqual([...header, 1, 1, ...column, 0, 7]);
    expect([...(await ask(sql, 54_453))]).toEqual([...header, 1, 1, ...column, 7]);
    expect([...(await ask(sql, 0))]).toEqual([1, 1, ...column, 7]);
  });

  const TYPES = `SELECT number AS n, toString(number) AS s, if(number % 2, NULL, 'x') AS nullable,
    toLowCardinality(toString(number % 5)) AS low, CAST(if(number % 3, NULL, 'y'), 'LowCardinality(Nullable(String))') AS lownull,
    range(number % 4) AS list, arrayMap(x -> toLowCardinality(toString(x)), range(number % 3)) AS lowlist,
    map('k', number, toString(number), 2) AS m, map(toLowCardinality('a'), 'b') AS lowmap, (1, 'a', [NULL, 1]) AS tuple,
    CAST(([], 'b') AS Tuple(x Array(String), \`y z\` String)) AS named, toDateTime64(number, 3, 'UTC') AS dt64,
    toDateTime(number, 'UTC') AS dt, toDate(number) AS date, 1.5 AS f, toDecimal64(1.25, 2) AS dec, toDecimal128(1, 20) AS dec128,
    toUUID('00000000-0000-0000-0000-000000000001') AS id, toFixedString('abc', 5) AS fixed, true AS b,
    CAST('a', 'Enum8(\\'a\\' = 1, \\'b, (c\\' = 2)') AS e, toIPv4('127.0.0.1') AS ip, toIPv6('::1') AS ip6, toInt256(1) AS big,
    NULL AS nothing, [[toString(number)], []] AS nested, CAST(map(), 'Map(LowCardinality(String), String)') AS emptymap
    FROM numbers(100) SETTINGS max_block_size = 30`;

  it("gets whole blocks of every common type: adding the headers moves no byte of the data", async () => {
    const plain = await ask(TYPES, 0);
    const framed = await ask(TYPES, 54_453);
    const headers = framed.length - plain.length;
    expect(headers % 8).toBe(0);
    expect(headers).toBeGreaterThanOrEqual(8);
    const pieces = framed.toString("latin1").split("\x01\x00\x02\xff\xff\xff\xff\x00");
    expect(pieces.join("")).toBe(plain.toString("latin1"));
    expect(pieces.length - 1).toBe(headers / 8);
  });

  it("is told which type it cannot have", async () => {
    const answer = await http("/?default_format=Native&client_protocol_version=54460", {
      method: "POST",
      body: "SELECT sumState(1) AS state",
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("AggregateFunction is not supported");
  });
});
