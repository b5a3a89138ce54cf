import type { MlterraError } from '@mlterra/core';

type Factory = (...given: never[]) => MlterraError;

/** A call of every function of a module that makes an error: what is given to it, by its name. */
export type ErrorCalls<Factories> = {
  readonly [
    Name in keyof Factories as Factories[Name] extends Factory ? Name : never
  ]: Factories[Name] extends (...given: infer Given) => MlterraError ? Readonly<Given> : never;
};

/**
 * Checks the errors of a package: each names all that it was given, in a sentence, says in words what is expected or what
 * to do, and has a code of its own. Give texts and numbers that no message holds by chance.
 * @param factories what `errors.ts` exports
 * @returns a line for each problem, beginning with the name of the function
 */
export function errorProblems<Factories extends object>(
  factories: Factories,
  calls: ErrorCalls<Factories>,
): readonly string[] {
  const codes = new Map<string, string>();
  return Object.entries(calls as Readonly<Record<string, readonly unknown[]>>).flatMap(([name, given]) => {
    const make = factories[name as keyof Factories] as (...given: readonly unknown[]) => MlterraError;
    const error = make(...given);
    const first = codes.get(error.code);
    codes.set(error.code, name);
    return [
      ...(/^[a-z0-9]+(-[a-z0-9]+)+$/.test(error.code) ? [] : [`the code ${JSON.stringify(error.code)}`]),
      ...(first === undefined ? [] : [`has the code of ${first}`]),
      ...sentenceProblems(error.message),
      ...given
        .flatMap(leaves)
        .filter((leaf) => !error.message.includes(leaf))
        .map((leaf) => `does not name ${JSON.stringify(leaf)}`),
      ...adviceProblems(error),
    ].map((problem) => `${name}: ${problem}`);
  });
}

function sentenceProblems(message: string): readonly string[] {
  const [sentence = ''] = message.split('\n');
  return [
    ...(/\S+ \S+/.test(sentence) ? [] : ['says nothing']),
    ...(/\bundefined\b|\[object /.test(message) ? ['has a value in it that is none'] : []),
  ];
}

function adviceProblems({ expected, remedy }: MlterraError): readonly string[] {
  const parts = [expected, remedy].filter((part) => part !== undefined);
  if (parts.length === 0) return ['says neither what is expected nor what to do'];
  return parts
    .filter((part) => part.trim() === '')
    .map(() => 'says nothing where it says what is expected or to do');
}

/** The texts and numbers of an argument. */
function leaves(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
