import { MlterraError } from '@mlterra/core/errors';

export function sealedUnknown(environment: string, name: string, known: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'sealed-secret-unknown',
    message: `The environment ${environment} has no sealed secret "${name}".`,
    expected:
      known.length === 0
        ? 'a construct SealedSecret of @mlterra/sealed-secrets in its environment.ts, and it has none'
        : `one of: ${known.join(', ')}`,
  });
}

export function stageNotSaid(what: string, stages: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'stage-needed',
    message: `There is ${what} in several stages.`,
    expected: `-c with one of: ${stages.join(', ')}`,
  });
}

export function controllerUnknown(environment: string, stage: string | undefined): MlterraError {
  return new MlterraError({
    code: 'sealing-controller-unknown',
    message: `The environment ${environment} has no controller of Sealed Secrets${stage === undefined ? '' : ` in the stage ${stage}`}.`,
    expected: 'a construct SealedSecrets of @mlterra/sealed-secrets in its environment.ts',
  });
}

/** @param otherwise what to do without a cluster */
export function clusterNotSaid(stack: string, otherwise: string | undefined): MlterraError {
  return new MlterraError({
    code: 'sealing-cluster-unknown',
    message: `The cluster of ${stack} is one that its cloud describes, not a kubeconfig.`,
    expected: 'the cluster by `--context <name>`, and `--kubeconfig <file>` where it is not the usual one',
    remedy: `write a kubeconfig with the cloud's own command${otherwise === undefined ? '' : `, or ${otherwise}`}`,
  });
}

export function clusterApiMissing(dir: string): MlterraError {
  return new MlterraError({
    code: 'sealing-kubernetes-missing',
    message: `The package @mlterra/kubernetes is not there for ${dir}.`,
    expected: 'an environment with a cluster, and its packages installed',
    remedy: 'npm install',
  });
}

export function valueAsArgument(): MlterraError {
  return new MlterraError({
    code: 'secret-value-argument',
    message: 'There is an argument after the key; a value is never given as one, as others could see it.',
    expected: 'the value on standard input, or in a file by `--from-file <file>`, or typed when asked for',
    remedy:
      'if that was the value: it may be in the history of your shell; remove it there, or take another one',
  });
}

export function fileMissing(file: string): MlterraError {
  return new MlterraError({
    code: 'secret-file-missing',
    message: `There is no file ${file}.`,
    expected: 'a file that can be read',
  });
}

export function passphraseWeak(length: number): MlterraError {
  return new MlterraError({
    code: 'passphrase-short',
    message: `A passphrase of ${length} characters does not keep keys.`,
    expected: 'at least 12 characters, or a recipient of age by `--recipient`',
  });
}

export function passphrasesDiffer(): MlterraError {
  return new MlterraError({
    code: 'passphrases-differ',
    message: 'The passphrase was not the same the second time.',
    expected: 'the same twice',
  });
}
