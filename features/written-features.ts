import type { FeatureLabel, FeatureName } from "../core/features.ts";

/**
 * Features while they are written, by one family after the other: putting many small objects together costs more than
 * measuring a short answer.
 */
export type WrittenFeatures = Partial<Record<FeatureName, number>>;

/** Labels, likewise. */
export type WrittenLabels = Partial<Record<FeatureLabel, string>>;
