/** Text in single quotes stands for itself in every POSIX shell, byte for byte. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
