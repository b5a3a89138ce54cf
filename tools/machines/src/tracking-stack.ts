import { defineEnvironment, localState } from '@mlterra/core';
import { MachineRenderer } from '@mlterra/machines';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import { Versitygw } from '@mlterra/versitygw';
import { paperCloud } from './paper-cloud';

export interface TrackingStackProps {
  /** What users may do with what nobody granted to them: something that changes MLflow and nothing else. */
  readonly defaultPermission?: 'READ' | 'EDIT';
}

/** MLflow, PostgreSQL and an object store on one machine. */
export function trackingStack({ defaultPermission = 'READ' }: TrackingStackProps = {}): StackJson {
  const environment = defineEnvironment({
    name: 'proof',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build(stage) {
      const stack = stage.stack('tracking');
      const platform = new MachineRenderer(paperCloud());
      const database = new Postgresql(stack, 'postgresql', { platform });
      const objects = new Versitygw(stack, 'versitygw', { platform });
      const artifacts = objects.addObjectStore(stack, 'artifacts');
      new Mlflow(stack, 'mlflow', { platform, database, artifacts, defaultPermission });
    },
  });
  return synthEnvironment(environment)['dev/tracking']!;
}
