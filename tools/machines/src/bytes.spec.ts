import { setTimeout as delay } from 'node:timers/promises';
import { defineEnvironment, localState, text } from '@mlterra/core';
import { MachineRenderer } from '@mlterra/machines';
import { canRunDocker, startDocker, startMachine, type DockerServer, type Machine } from '@mlterra/testbed';
import { synthEnvironment, TROUBLESOME_TEXT } from '@mlterra/testing';
import { AppliedStack } from './applied-stack';
import { paperCloud, userDataIn } from './paper-cloud';

/** Boots a machine, and builds its root once, for three minutes more. */
const whenAsked = process.env.MLTERRA_TEST_FULL && canRunDocker() ? it : it.skip;

const IMAGE = 'docker.io/library/postgres:18.4-bookworm';
const PATIENCE_SECONDS = 240;

/** A program that gets one text in every place that a text can have. */
const environment = defineEnvironment({
  name: 'bytes',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('program');
    const platform = new MachineRenderer(paperCloud());
    const secret = text`${TROUBLESOME_TEXT}${platform.generateSecret(stack, 'Password')}`;
    platform.run(stack, 'program', {
      containers: {
        server: {
          image: IMAGE,
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

whenAsked(
  'a machine gives one text byte for byte to every place that a text can have',
  async () => {
    let server: DockerServer | undefined;
    let machine: Machine | undefined;
    let stack: AppliedStack | undefined;
    try {
      server = await startDocker();
      stack = await AppliedStack.create();
      const outputs = stack.apply(synthEnvironment(environment)['dev/program']!);
      machine = await startMachine(server, { userData: userDataIn(outputs), images: [IMAGE] });
      await machine.booted();
      const read = await reader(machine);
      const secret = TROUBLESOME_TEXT + outputs['Password_value']!;
      expect({ plain: await read('/etc/program/plain'), secret: await read('/etc/program/secret') }).toEqual({
        plain: TROUBLESOME_TEXT,
        secret,
      });
      expect((await read('/proc/1/cmdline')).split('\0')).toContain(TROUBLESOME_TEXT);
      const variables = (await read('/proc/1/environ')).split('\0');
      expect(variables).toContain(`PLAIN=${TROUBLESOME_TEXT}`);
      expect(variables).toContain(`SECRET=${secret}`);
    } finally {
      await machine?.stop();
      stack?.remove();
      await server?.stop();
    }
  },
  900_000,
);

/** Reads files of the program, as soon as it runs. */
async function reader(machine: Machine): Promise<(path: string) => Promise<string>> {
  const read = async (path: string): Promise<string> => {
    const program = ['mlterra-machine', 'compose', 'exec', '-T', 'program'];
    return Buffer.from(await machine.exec(...program, 'base64', '-w', '0', path), 'base64').toString('utf8');
  };
  for (const givenUp = Date.now() + PATIENCE_SECONDS * 1000; ; await delay(1000)) {
    try {
      await read('/etc/program/plain');
      return read;
    } catch (error) {
      if (Date.now() > givenUp) throw error;
    }
  }
}
