import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createResource } from "../../../instrumentation/export/resource.ts";

describe("the resource", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "leeway-resource-"));
    mkdirSync(join(folder, "src", "deep"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"name":"support-api"}');
    writeFileSync(join(folder, "src", "package.json"), "{ broken");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const nameWith = (env: Record<string, string>, file?: string) =>
    createResource({ env, mainFile: file, instanceId: "i", hostName: "h", pid: 7 }).attributes["service.name"];

  it("takes the service's name from the first place that has one", () => {
    const file = join(folder, "src", "deep", "app.js");
    const declared = { OTEL_RESOURCE_ATTRIBUTES: "service.name=declared" };
    expect(nameWith({ ...declared, OTEL_SERVICE_NAME: "named" }, file)).toBe("named");
    expect(nameWith(declared, file)).toBe("declared");
    expect(nameWith({}, file)).toBe("support-api");
    expect(nameWith({})).toBe("unknown_service:node");
  });

  it("keeps declared attributes, decoded, and what identifies the process", () => {
    const env = { OTEL_RESOURCE_ATTRIBUTES: "team=a%2Cb, deployment.environment.name=prod,broken,=x,bad=%E0%A4%A" };
    expect(createResource({ env, mainFile: undefined, instanceId: "i-1", hostName: "h", pid: 7 }).attributes).toEqual({
      "service.name": "unknown_service:node",
      "service.instance.id": "i-1",
      "host.name": "h",
      "process.pid": 7,
      team: "a,b",
      "deployment.environment.name": "prod",
      bad: "%E0%A4%A",
    });
  });

  it("lets the environment give the instance its id", () => {
    const env = { OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=pod-3" };
    const { attributes } = createResource({ env, mainFile: undefined, instanceId: "random", hostName: "h", pid: 7 });
    expect(attributes["service.instance.id"]).toBe("pod-3");
  });
});
