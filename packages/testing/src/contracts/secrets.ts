/** Shorter texts occur by chance. */
const LEAST_LENGTH = 8;

const PATTERNS: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { kind: 'a URL with a password', pattern: /[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]+:[^\s@'"${<]+@/i },
];

/**
 * Kinds of secrets that stand in texts anyone may read, never the secrets themselves.
 * @param known secrets of the stage, as generated
 */
export function secretsIn(texts: readonly string[], known: readonly string[]): readonly string[] {
  const canaries = known.filter((secret) => secret.length >= LEAST_LENGTH);
  const kinds = new Set<string>();
  for (const text of texts) {
    if (canaries.some((secret) => text.includes(secret))) kinds.add('a generated secret');
    else for (const { kind, pattern } of PATTERNS) if (pattern.test(text)) kinds.add(kind);
  }
  return [...kinds];
}
