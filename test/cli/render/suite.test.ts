import { afterEach, describe, expect, it } from "vitest";
import type { SuiteReport } from "../../../agent/suite/suite-report.ts";
import { renderSuite } from "../../../cli/render/suite.ts";
import { renderAnnotations } from "../../../cli/render/suite-annotations.ts";
import { renderJunit } from "../../../cli/render/suite-junit.ts";
import { renderSuitePage } from "../../../cli/render/suite-page.ts";
import { UNPRINTABLE } from "../../../core/printable.ts";
import { type ModelServer, startModelServer } from "../../agent/replay/model-server.ts";
import { runCases } from "../../agent/suite/suite-world.ts";
import { temporaryDirectory } from "../../agent/temporary-directory.ts";

let server: ModelServer;
afterEach(() => server.close());

const HOSTILE = `]]> <script>alert(1)</script> "&' \u0000\u001b[31m\ud800 50% ::error file=a,title=b::x`;

const hostileReport = async (): Promise<SuiteReport> => {
  server = await startModelServer((_question, _, body) => ({
    is: "answer",
    text: body.model === "old" ? "yes" : HOSTILE,
  }));
  const evil = {
    id: HOSTILE,
    kind: "known-failure",
    incident: HOSTILE,
    task: HOSTILE,
    prompt: "x",
    expect: [{ equals: "yes" }],
  };
  const bad = { id: "contains", kind: "invariant", prompt: "y", expect: [{ contains: `${HOSTILE}!` }] };
  return runCases({ folder: temporaryDirectory(), baseUrl: server.baseUrl }, [evil, bad, { id: HOSTILE }], {
    plan: { runs: 5 },
    head: { suite: HOSTILE },
  });
};

/** True where every element of the XML is closed in its turn. */
const closesItself = (xml: string): boolean => {
  const open: string[] = [];
  for (const [, end, name = "", self] of xml
    .replace(/^<\?xml[^>]*>/, "")
    .matchAll(/<(\/?)([a-z-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end === "/") {
      if (open.pop() !== name) return false;
    } else if (self !== "/") open.push(name);
  }
  return open.length === 0;
};

describe("the reports of a suite whose names are hostile", () => {
  it("are what they say they are", async () => {
    const report = await hostileReport();
    expect(report.verdict).toBe("not-equivalent");

    const junit = renderJunit(report);
    expect(closesItself(junit)).toBe(true);
    expect(junit).not.toMatch(/<script|\]\]>/);
    expect(junit.replaceAll("\n", "")).not.toMatch(UNPRINTABLE);
    expect(junit.match(/<failure type="worse"/g)).toHaveLength(1);
    expect(junit).toContain("<testcase classname=");

    const page = renderSuitePage(report);
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;");

    const annotations = renderAnnotations(report)
      .split("\n")
      .filter((line) => line !== "");
    for (const line of annotations)
      expect(line).toMatch(/^::(error|warning|notice) (file=[^,:]*(,line=\d+)?,)?title=[^,:]*::/);
    expect(annotations.join("")).toContain("50%25");
    expect(annotations.length).toBeGreaterThanOrEqual(3);

    const text = renderSuite(report);
    expect(text.replaceAll("\n", "")).not.toMatch(UNPRINTABLE);
    expect(text).toContain("NOT EQUIVALENT: the candidate is worse");
  });

  it("hold nothing that the models said", async () => {
    server = await startModelServer((_question, _, body) => ({
      is: "answer",
      text: body.model === "old" ? "yes" : "SECRET-ANSWER",
    }));
    const cases = [{ id: "a", kind: "invariant", prompt: "y", expect: [{ equals: "yes" }] }];
    const report = await runCases({ folder: temporaryDirectory(), baseUrl: server.baseUrl }, cases);
    for (const text of [renderJunit, renderSuitePage, renderAnnotations, renderSuite].map((render) => render(report)))
      expect(text).not.toContain("SECRET-ANSWER");
    expect(JSON.stringify(report)).not.toContain("SECRET-ANSWER");
  });
});
