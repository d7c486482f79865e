/** What is said of a migration that no document declares. */
export const notDeclared = (name: string): string => `no migration ${name} is declared`;
