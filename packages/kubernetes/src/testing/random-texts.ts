/** Characters that mean something to Terraform, Helm, YAML or Kubernetes, and some that do not. */
const ALPHABET = [
  '$',
  '%',
  '{',
  '}',
  '(',
  ')',
  '"',
  "'",
  '\\',
  ',',
  '=',
  '.',
  ':',
  '#',
  '-',
  '|',
  '\n',
  '\t',
  ' ',
  'a',
  '0',
  'é',
  '<',
];

/** Texts that have gone wrong somewhere. */
const KNOWN = [
  '${HOME}',
  '$(HOME)',
  '$$(HOME)',
  '{{ .Values.x }}',
  '%{ if }',
  'null',
  '.',
  'true',
  '1e3',
  '0x10',
  '- a',
  '{a,b}',
  ' ',
  '',
];

/** {@link KNOWN}, and up to `count` more by the seed `MLTERRA_TEST_SEED`; all differ. */
export function randomTexts(count: number): readonly string[] {
  const seed = Number(process.env.MLTERRA_TEST_SEED ?? 20_261_121);
  if (!Number.isInteger(seed))
    throw new Error(`MLTERRA_TEST_SEED is no whole number: ${process.env.MLTERRA_TEST_SEED}`);
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const random = Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(14) }, () => ALPHABET[next(ALPHABET.length)]).join(''),
  );
  return [...new Set([...KNOWN, ...random])];
}
