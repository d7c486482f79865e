import { describe, expect, it } from "vitest";
import { defaultSpoolDirectory } from "../../instrumentation/export/spool-directory.ts";
import { readPreloadSettings } from "../../instrumentation/preload-settings.ts";

const SIXTY_FOUR_MIB = 64 * 1024 * 1024;

describe("the preload's settings", () => {
  it("write to disk and take no content, unless told otherwise", () => {
    expect(readPreloadSettings({})).toMatchObject({
      workers: false,
      content: null,
      spool: { base: defaultSpoolDirectory(), maxBytes: SIXTY_FOUR_MIB },
    });
  });

  it.each<[Record<string, string>, unknown]>([
    [{ LEEWAY_SPOOL_DIR: "off" }, null],
    [{ LEEWAY_SPOOL_DIR: "/data" }, { base: "/data", maxBytes: SIXTY_FOUR_MIB }],
    [
      { LEEWAY_SPOOL_DIR: "/data", LEEWAY_SPOOL_MAX_BYTES: "5000" },
      { base: "/data", maxBytes: 5000 },
    ],
    // Prompts and answers are written only to a place that somebody chose for them.
    [{ LEEWAY_CAPTURE_CONTENT: "true" }, null],
    [
      { LEEWAY_CAPTURE_CONTENT: "true", LEEWAY_SPOOL_DIR: "/data" },
      { base: "/data", maxBytes: SIXTY_FOUR_MIB },
    ],
  ])("know where spans wait on disk: %j", (env, spool) => {
    expect(readPreloadSettings(env).spool).toEqual(spool);
  });

  it.each([
    ["LEEWAY_CAPTURE_CONTENT", "perhaps"],
    ["LEEWAY_SPOOL_MAX_BYTES", "64MB"],
    ["LEEWAY_MAX_QUEUE", "0"],
  ])("name the variable that makes no sense: %s=%s", (name, value) => {
    const read = () => readPreloadSettings({ [name]: value });
    expect(read).toThrow(new RegExp(`^${name}: [^\\n]+; expected [^\\n]+$`));
  });

  it("take the content's length in bytes", () => {
    const env = { LEEWAY_CAPTURE_CONTENT: "1", LEEWAY_CONTENT_MAX_BYTES: "500" };
    expect(readPreloadSettings(env).content).toEqual({ maxBytes: 500 });
    expect(() => readPreloadSettings({ ...env, LEEWAY_CONTENT_MAX_BYTES: "9" })).toThrow("LEEWAY_CONTENT_MAX_BYTES");
  });
});
