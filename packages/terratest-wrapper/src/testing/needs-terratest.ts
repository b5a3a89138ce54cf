import { isTerratestBuilt } from '../helper-binary';

/** For tests that call the Go program: where it is built, and in the full tier, which builds it. */
export const describeTerratest: jest.Describe =
  isTerratestBuilt() || process.env['MLTERRA_TEST_FULL'] ? describe : describe.skip;
