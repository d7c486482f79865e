import { SHAPE_FEATURES, type ShapeFeature } from "../../core/shape-features.ts";

/** Answers of a conversation are at least this much alike in a segment of the feature's own name. */
const LEAST = 2;

/**
 * The design effect of so many answers' feature inside a segment. All answers of a conversation are in one language, which is why
 * `language` counts for little; inside `language=de` all conversations are, and what is left is about as alike as the
 * other features of the family are. Elsewhere it is the one that was measured.
 */
export const effectInSegment = (
  segment: string,
  { name, family }: Pick<ShapeFeature, "name" | "family">,
  calls: number,
  designEffectOf: (feature: string, calls: number) => number,
): number => {
  const measured = designEffectOf(name, calls);
  if (!segment.startsWith(`${name}=`)) return measured;
  const others = SHAPE_FEATURES.filter((feature) => feature.family === family && feature.name !== name)
    .map((feature) => designEffectOf(feature.name, calls))
    .sort((a, b) => a - b);
  return Math.min(measured, Math.max(LEAST, others[Math.floor(others.length / 2)] ?? measured));
};
