/** Grafana's placeholder of a dashboard variable or field, replaced as it is: never inside SQL. */
export const placeholder = (name: string): string => `\${${name}}`;

/** The placeholder for SQL: Grafana writes the chosen values as quoted and escaped literals, joined by commas. */
export const quoted = (variable: string): string => `\${${variable}:singlequote}`;
