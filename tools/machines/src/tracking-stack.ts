import { defineEnvironment, localState, text } from '@mlterra/core';
import { MachineRenderer } from '@mlterra/machines';
import { Mlflow } from '@mlterra/mlflow';
import { Postgresql } from '@mlterra/postgresql';
import { synthEnvironment, TROUBLESOME_TEXT, type StackJson } from '@mlterra/testing';
import { Versitygw } from '@mlterra/versitygw';
import { paperCloud } from './paper-cloud';

export interface TrackingStackProps {
  /** What users may do with what nobody granted to them: something that changes MLflow and nothing else. */
  readonly defaultPermission?: 'READ' | 'EDIT';
}

/** Name of the output with the end of the secret text of the program. */
export const PROGRAM_SECRET_OUTPUT = 'ProgramPassword_value';

/** MLflow, PostgreSQL and an object store on one machine, and a program that gets one text in every place that a text can have. */
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
      const secret = text`${TROUBLESOME_TEXT}${platform.generateSecret(stack, 'ProgramPassword')}`;
      platform.run(stack, 'program', {
        containers: {
          server: {
            image: 'docker.io/library/postgres:18.4-bookworm',
            command: ['sh', '-c', 'while :; do sleep 60; done', 'sh', TROUBLESOME_TEXT],
            variables: { PLAIN: TROUBLESOME_TEXT, SECRET: secret },
            files: { '/etc/program/plain': TROUBLESOME_TEXT, '/etc/program/secret': secret },
            userId: 1000,
            stopGraceSeconds: 1,
          },
        },
      });
    },
  });
  return synthEnvironment(environment)['dev/tracking']!;
}
