import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
import { TerraformOutput, TerraformResource } from 'cdktf';
import { resourcesOf } from './resources';
import { synthEnvironment, synthStack } from './synth';

describe('synthEnvironment', () => {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: {
      dev: { profile: 'development', settings: { size: 1 } },
      prod: { profile: 'production', settings: { size: 2 } },
    },
    build: (stage) => {
      const store = stage.stack('store');
      const data = new TerraformResource(store, 'disk', { terraformResourceType: 'terraform_data' });
      data.addOverride('input', { size: stage.settings.size, '//': 'kept: it is a value' });
      const { size } = exportOutputs(data, { size: data.getStringAttribute('output.size') });
      const reader = stage.stack('reader');
      new TerraformOutput(reader, 'size', { value: size.at(reader) });
    },
  });

  it('returns every stack of every stage under its key', () => {
    const stacks = synthEnvironment(environment);
    expect(Object.keys(stacks)).toEqual(['dev/store', 'dev/reader', 'prod/store', 'prod/reader']);
    expect(stacks['prod/reader']).toEqual({
      data: {
        terraform_remote_state: {
          upstream_prod_store: {
            backend: 'local',
            config: { path: '../../../.mlterra/state/demo/prod/store.tfstate' },
          },
        },
      },
      output: { size: { value: '${data.terraform_remote_state.upstream_prod_store.outputs.disk_size}' } },
      terraform: { backend: { local: { path: '../../../.mlterra/state/demo/prod/reader.tfstate' } } },
    });
  });

  it('drops the metadata of blocks and keeps values of the same name', () => {
    expect(synthEnvironment(environment)['prod/store']!.resource).toEqual({
      terraform_data: { disk: { input: { size: 2, '//': 'kept: it is a value' } } },
    });
  });

  it('gives the same bytes every time', () => {
    expect(JSON.stringify(synthEnvironment(environment))).toBe(JSON.stringify(synthEnvironment(environment)));
  });

  it('leaves nothing behind, a failed synth included', () => {
    const { TMPDIR } = process.env;
    const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
    process.env.TMPDIR = folder;
    try {
      synthEnvironment(environment);
      expect(() =>
        synthStack(() => {
          throw new Error('the tool refuses');
        }),
      ).toThrow('the tool refuses');
      expect(() =>
        synthStack((stack) => stack.node.addValidation({ validate: () => ['the disk is too small'] })),
      ).toThrow('the disk is too small');
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('synthStack', () => {
  it('fills one stack in the profile asked for', () => {
    const stack = synthStack(
      (scope) => {
        const resource = new TerraformResource(scope, 'r', { terraformResourceType: 'terraform_data' });
        resource.addOverride('input', scope.profile.replicas);
      },
      { profile: 'production' },
    );
    expect(resourcesOf(stack, 'terraform_data')).toEqual({ r: { input: 3 } });
    expect(resourcesOf(stack, 'null_resource')).toEqual({});
  });
});
