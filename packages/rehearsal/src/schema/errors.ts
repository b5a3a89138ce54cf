import { MlterraError } from '@mlterra/core';

export function bindingMissing(source: string, tried: readonly string[], from: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-binding-missing',
    message: `The provider ${source} cannot be rehearsed: no binding of it is installed where ${from} finds packages.`,
    expected: `one of the packages ${tried.join(', ')}, made for ${source}`,
    remedy: `npm install ${tried[0]}`,
  });
}

export function bindingOther(source: string, found: string, foundSource: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-binding-missing',
    message: `The provider ${source} cannot be rehearsed: ${found} is made for ${foundSource}.`,
    expected: `a binding whose package.json names ${source} as cdktf.provider.name`,
  });
}

export function bindingBroken(file: string, error: unknown): MlterraError {
  return new MlterraError({
    code: 'rehearsal-binding-broken',
    message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'install the package again',
    cause: error,
  });
}

export function sourceMapMissing(file: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-source-map-missing',
    message: `${file} has no inline source map with its TypeScript source, from which the schema is read.`,
    expected: 'a prebuilt binding as it is published; bundlers and minifiers remove the map',
    remedy: 'install the package again, unchanged, or a version that has the map',
  });
}

export function sourceMapBroken(file: string, reason: string, cause?: unknown): MlterraError {
  return new MlterraError({
    code: 'rehearsal-source-map-broken',
    message: `The source map of ${file} cannot be read: ${reason}`,
    expected: 'TypeScript that the provider generator of cdktf wrote',
    remedy: 'install the package again; should it happen again, report the package and its version',
    cause,
  });
}

export function typeMissing(kind: 'resource' | 'data source', type: string, origin: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-type-missing',
    message: `There is no ${kind} ${type} in ${origin}.`,
    expected: `a ${kind} that this version of the provider has`,
    remedy: 'correct the type, or install the version of the binding that has it',
  });
}
