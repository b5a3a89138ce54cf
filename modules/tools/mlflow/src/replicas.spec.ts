import { profiles, type Scaling } from '@mlterra/core';
import { replicasOf } from './replicas';

const { development, production } = profiles;
const scaling: Scaling = { minReplicas: 2, maxReplicas: 4, cpuPercent: 50 };
const ofProduction = { minReplicas: 3, maxReplicas: 50, cpuPercent: 70, memoryPercent: 80 };

describe('replicas of MLflow', () => {
  it.each([
    ['one in development', {}, development, { replicas: 1 }],
    [
      'scaled from those of the profile on in production',
      {},
      production,
      { replicas: 3, scaling: ofProduction },
    ],
    ['those of the profile where scaling is off', { scaling: false }, production, { replicas: 3 }],
    ['as many as are given', { replicas: 2 }, production, { replicas: 2 }],
    ['as many as are given, with scaling off', { replicas: 2, scaling: false }, production, { replicas: 2 }],
    ['scaled as is given, in development too', { scaling }, development, { replicas: 2, scaling }],
    ['scaled as is given', { scaling }, production, { replicas: 2, scaling }],
    [
      'scaled to no fewer than the profile has',
      {},
      { ...production, replicas: 60 },
      { replicas: 60, scaling: { ...ofProduction, minReplicas: 60, maxReplicas: 60 } },
    ],
    [
      'scaled from two on',
      {},
      { ...development, replicas: 2 },
      { replicas: 2, scaling: { ...ofProduction, minReplicas: 2 } },
    ],
  ] as const)('are %s', (_, props, profile, expected) => {
    expect(replicasOf('dev-main/mlflow', props, profile)).toEqual(expected);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be %p', (replicas) => {
    expect(() => replicasOf('dev-main/mlflow', { replicas }, production)).toThrow(
      /^dev-main\/mlflow: MLflow cannot run \S+ servers\./,
    );
  });

  it('are not given beside a scaling', () => {
    expect(() => replicasOf('dev-main/mlflow', { replicas: 2, scaling }, production)).toThrow(
      /^dev-main\/mlflow: /,
    );
  });
});
