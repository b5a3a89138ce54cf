import { isKubernetes } from './kubernetes-cluster';
import { runsContainers, type Platform, type PlatformKind } from './platform';

const kinds: readonly PlatformKind[] = ['host', 'docker', 'kubernetes', 'machines'];

function matching(is: (platform: Platform) => boolean): readonly PlatformKind[] {
  return kinds.filter((platformKind) => is({ platformKind } as Platform));
}

describe('a platform', () => {
  it('runs images, unless it is a host', () => {
    expect(matching(runsContainers)).toEqual(['docker', 'kubernetes', 'machines']);
  });

  it('is a Kubernetes cluster by its kind only', () => {
    expect(matching(isKubernetes)).toEqual(['kubernetes']);
  });
});
