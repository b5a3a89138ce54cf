import { defineEnvironment, localState, text } from '@mlterra/core';
import { DockerEngine } from '@mlterra/docker';
import { TROUBLESOME_TEXT } from '@mlterra/testing';

/** A program that gets one text in every place that a text can have; see `../bytes.e2e.ts`. */
export default defineEnvironment({
  name: 'bytes',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const engine = new DockerEngine(stage.stack('engine'), 'engine');
    const stack = stage.stack('program');
    const password = engine.generateSecret(stack, 'Password');
    const secret = text`${TROUBLESOME_TEXT}${password}`;
    const program = {
      image: 'docker.io/library/postgres:18.4-bookworm',
      variables: { PLAIN: TROUBLESOME_TEXT, SECRET: secret },
      files: { '/etc/program/plain': TROUBLESOME_TEXT, '/etc/program/secret': secret },
      userId: 1000,
    };
    // Tasks get theirs as programs do, and end: this one fails where its text is another than that of the file.
    engine.runTask(stack, 'task', {
      ...program,
      command: ['sh', '-c', 'printf %s "$1" | cmp - /etc/program/plain', 'sh', TROUBLESOME_TEXT],
    });
    engine.run(stack, 'program', {
      containers: {
        server: {
          ...program,
          command: ['sh', '-c', 'while :; do sleep 60; done', 'sh', TROUBLESOME_TEXT],
          stopGraceSeconds: 1,
        },
      },
    });
  },
});
