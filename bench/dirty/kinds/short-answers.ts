import { textFeatures } from "../../../features/text-features.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const told = (text: string): string => textFeatures(text).labels.language ?? "not clear";

const sibling = (text: string, before: string, right: readonly string[]): DirtyCase => ({
  ...{ input: `"${text}"`, right: right.join(" or "), before, measure: () => told(text) },
  isRight: (said) => right.includes(said),
});

/** A language is named where it is clear, and short answers rarely are. */
export const shortAnswers: DirtyKind = {
  kind: "features: the language of short answers",
  cases: [
    sibling("Take a walk on a sunny day.", "pt", ["not clear", "en"]),
    sibling("Buy a cup of tea or a coffee.", "pt", ["not clear", "en"]),
    sibling("I like pizza. I do.", "pl", ["not clear", "en"]),
    sibling("La La Land", "not clear", ["not clear"]),
    sibling("Los Angeles to Los Gatos, los that is", "not clear", ["not clear", "en"]),
    sibling("SELECT a, e, o FROM t", "pt", ["not clear"]),
    sibling("Du kan ändra den på stationen i morgon.", "not clear", ["not clear", "sv"]),
    sibling("Puteți schimba adresa la gară.", "not clear", ["not clear", "ro"]),
    sibling("Sie können die Adresse ändern.", "de", ["de"]),
    sibling("You can change it in the app.", "en", ["en"]),
  ],
};
