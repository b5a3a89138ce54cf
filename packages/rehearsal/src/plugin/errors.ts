import { MlterraError } from '@mlterra/core';

export function providerBinaryMissing(binary: string): MlterraError {
  return new MlterraError({
    code: 'provider-binary-missing',
    message: `There is no file ${binary} that can be executed.`,
    expected: 'the binary of a Terraform provider for this operating system and processor',
  });
}

export function notAProvider(binary: string, said: string): MlterraError {
  return new MlterraError({
    code: 'provider-binary-unfit',
    message: `${binary} is no Terraform provider: it did not answer as one${said === '' ? '.' : `, but said:\n${said}`}`,
    expected: 'a provider that speaks protocol 5 or 6 of Terraform’s plugins over gRPC',
  });
}

export function providerCall(binary: string, call: string, reason: string, said: string): MlterraError {
  return new MlterraError({
    code: 'provider-binary-failed',
    message: `${binary} failed at ${call}: ${reason}${said === '' ? '' : `\n${said}`}`,
    expected:
      'an answer; a provider that ends here has a defect or needs what is not there without a network',
  });
}
