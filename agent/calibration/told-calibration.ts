import type { Calibration } from "../../detectors/calibration/calibrate.ts";
import type { ConfidenceKind } from "./confidence-of.ts";

/** A calibration with what is to be told about where it comes from. */
export interface ToldCalibration extends Calibration {
  /** Which confidence. */
  readonly confidence: ConfidenceKind;
  /** What makes an answer right, in words. */
  readonly outcome: string;
  /** A smaller difference does not matter, 0 to 1. */
  readonly margin: number;
  readonly notes: readonly string[];
}
