import { synthEnvironment } from '@mlterra/testing';
import { demo, sample } from './testing/demo';

it('keeps the shape of its stacks', () => {
  expect(synthEnvironment(demo(sample, { publish: { 'web.http': 8080 } }))).toMatchSnapshot();
});
