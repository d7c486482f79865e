import { decisionSection } from "./decision-section.ts";
import { findingSection, promotionSection, reuseSection, verdictSection } from "./evidence-sections.ts";
import { handoffSection } from "./handoff-section.ts";
import { incidentSection, noticeSection, openSection, peopleSection } from "./people-sections.ts";
import { costSection, phaseSection } from "./phase-sections.ts";
import { drillSection, retirementSection } from "./record-sections.ts";
import type { Report } from "./report.ts";
import type { Section } from "./section.ts";
import { planSection, summarySection } from "./summary-section.ts";

/** The chapters, in the order in which they are read: both renderers write these. */
export const sectionsOf = (report: Report): readonly Section[] =>
  [
    summarySection,
    decisionSection,
    planSection,
    phaseSection,
    incidentSection,
    drillSection,
    verdictSection,
    promotionSection,
    findingSection,
    costSection,
    handoffSection,
    retirementSection,
    peopleSection,
    noticeSection,
    openSection,
    reuseSection,
  ].map((section) => section(report));
