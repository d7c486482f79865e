import { describe, expect, it } from "vitest";
import { type HttpCall, readCall, readCredentials } from "../../../store/embedded/http-call.ts";

const call = (url: string, headers: Record<string, string> = {}, method = "POST"): HttpCall =>
  readCall({ method, headers, fields: new URLSearchParams(url), body: new Uint8Array() });

describe("readCall", () => {
  it("tells settings, parameters and the interface's own names apart", () => {
    expect(
      call("query=SELECT+1&max_threads=2&param_a=x%09y&session_id=s&query_id=q&wait_end_of_query=1"),
    ).toMatchObject({
      query: "SELECT 1",
      queryId: "q",
      settings: [["max_threads", "2"]],
      params: [["a", "x\ty"]],
      defaultFormat: "TabSeparated",
      reads: false,
      revision: 0,
    });
  });

  it.each([
    ["basic authentication", "", { authorization: `Basic ${btoa("ana:a:b")}` }, "ana", "a:b"],
    ["ClickHouse's headers", "", { "x-clickhouse-user": "ana", "x-clickhouse-key": "k" }, "ana", "k"],
    ["the URL", "user=ana&password=p", {}, "ana", "p"],
    ["nothing", "", {}, "", ""],
  ])("takes user and password from %s", (_name, url, headers, user, password) => {
    expect(readCredentials(headers, new URLSearchParams(url))).toEqual([user, password]);
  });

  it("takes database and format from the URL before the headers", () => {
    const headers = { "x-clickhouse-database": "d", "x-clickhouse-format": "CSV" };
    expect(call("", headers)).toMatchObject({ database: "d", defaultFormat: "CSV" });
    expect(call("database=e&default_format=JSON", headers)).toMatchObject({ database: "e", defaultFormat: "JSON" });
  });

  it("treats GET as reading and knows the revision a native client asks for", () => {
    expect(call("client_protocol_version=54460", {}, "GET")).toMatchObject({
      reads: true,
      revision: 54_460,
      settings: [],
    });
  });
});
