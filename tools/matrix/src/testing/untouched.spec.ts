import { expectUntouchedGreen } from './untouched';

describe('before a wire is cut', () => {
  it('nothing may be red, and what is, is named once, in one line', () => {
    expect(() => expectUntouchedGreen({})).not.toThrow();
    const finding = { check: 'server', message: 'there is no server' };
    let thrown: unknown;
    try {
      expectUntouchedGreen({
        postgresql: [finding, finding, { check: 'services', message: 'there is none' }],
      });
    } catch (error) {
      thrown = error;
    }
    expect((thrown as Error).stack).toBe(
      'red before a wire is cut: postgresql (server, services); see the test of that first',
    );
  });
});
