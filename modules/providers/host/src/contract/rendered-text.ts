import type { SecretUse } from '@mlterra/testing/contracts';
import type { DesiredPart, DesiredText } from '../spec';

/** A text as a program gets it, but with the references of secrets in place of the secrets. */
export function rendered(text: DesiredText): string {
  return text.map(renderedPart).join('');
}

/** A text without what only the machine knows. */
export function plain(text: DesiredText): string {
  return text.filter((part) => typeof part === 'string').join('');
}

/** What becomes of a text with secrets in it; undefined where it has none. */
export function secretUse(text: DesiredText, secrets: ReadonlySet<string>): SecretUse | undefined {
  const references = text.flatMap((part) => (isSecret(part) ? [part.secret] : []));
  if (references.length === 0) return undefined;
  const there = references.every((reference) => secrets.has(reference));
  return { reference: references.join(', '), ...(there ? { value: rendered(text) } : {}) };
}

function isSecret(part: DesiredPart): part is { readonly secret: string } {
  return typeof part !== 'string' && 'secret' in part;
}

function renderedPart(part: DesiredPart): string {
  if (typeof part === 'string') return part;
  if ('secret' in part) return part.secret;
  if ('folder' in part) return `/${part.folder}`;
  return part.mount;
}
