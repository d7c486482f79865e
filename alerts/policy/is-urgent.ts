import type { Notice } from "../../core/notice.ts";

/** True for what nothing keeps from people: a rollback, and that there is none although it was called for. */
export const isUrgent = ({ type, isUrgent: says }: Pick<Notice, "type" | "isUrgent">): boolean =>
  says === true || type === "rollback";
