import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FEATURE_LABELS, FEATURES } from "../../core/features.ts";

const text = readFileSync(new URL("../../docs/features.md", import.meta.url), "utf8");
const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));

test.each(Object.entries(FEATURES))(
  "the documentation describes the feature %s as the catalogue does",
  (name, feature) => {
    expect(rows).toContainEqual(["", feature.family, `\`${name}\``, feature.kind, feature.about, ""]);
  },
);

test.each(Object.entries(FEATURE_LABELS))(
  "the documentation describes the label %s as the catalogue does",
  (name, label) => {
    expect(rows).toContainEqual(["", label.family, `\`${name}\``, "label", label.about, ""]);
  },
);
