import { exportOutputs } from '../outputs';
import { demo, withSynthesized } from '../testing/synth';
import { localState } from './local';

describe('text that Terraform would take for a template', () => {
  it('is a part of a path as it is given, in a real apply of two stacks', () => {
    const backend = localState({ directory: '.mlterra/${x} %{y}' });
    const environment = demo((stack) => {
      const { host } = exportOutputs(stack('database'), { host: 'db' });
      const app = stack('app');
      exportOutputs(app, { seen: host.at(app) });
    }, backend);
    withSynthesized(environment, (synthesized) => {
      synthesized.apply('dev-database');
      expect(synthesized.apply('dev-app')['seen']).toBe('db');
    });
    expect(backend.location('a/b/c')).toEqual({
      type: 'local',
      path: '../../../.mlterra/${x} %{y}/a/b/c.tfstate',
    });
  });
});
