import type { ClusterObject } from './cluster-objects';
import { PodWatch } from './pod-watch';

describe('PodWatch', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const pod = (name: string, state: object): ClusterObject => ({
    metadata: { name },
    status: { containerStatuses: [{ ready: false, state }] },
  });
  const noImage = (reason: string): object => ({ waiting: { reason, message: 'no such image' } });

  it('tells of a trouble that stays, once each, and not of programs that start', async () => {
    const told: string[] = [];
    let items: readonly ClusterObject[] = [];
    const api = { get: <T>() => Promise.resolve({ items } as T) };
    const look = (times: number): Promise<void> => jest.advanceTimersByTimeAsync(times * 3_000);
    PodWatch.start(api, 'demo-web', (text) => told.push(text));
    try {
      const others = [pod('slow', { running: {} }), pod('new', { waiting: { reason: 'ContainerCreating' } })];
      items = [pod('web', noImage('ErrImagePull')), ...others];
      await look(1);
      items = [pod('web', { waiting: { reason: 'ContainerCreating' } }), ...others];
      await look(5);
      expect(told).toEqual([]);

      items = [pod('web', noImage('ErrImagePull')), ...others];
      await look(10);
      items = [pod('web', noImage('ImagePullBackOff')), ...others];
      await look(10);
      items = [pod('web', noImage('ErrImagePull')), ...others];
      await look(10);
      expect(told).toEqual([
        'web does not start: ErrImagePull: no such image',
        'web does not start: ImagePullBackOff: no such image',
      ]);
    } finally {
      expect(PodWatch.end('demo-web')).toContain('web does not start: ErrImagePull: no such image');
    }
    await look(10);
    expect(told).toHaveLength(2);
  });
});
