import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket';
import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object';
import {
  defineEnvironment,
  exportOutputs,
  localState,
  type Environment,
  type Stack,
  type Stage,
  type StackOutput,
} from '@mlterra/core';

/** Stacks of a stage by name; each gets the outputs of those before it. */
export type Stacks = Readonly<Record<string, (stack: Stack, outputs: Record<string, StackOutput>) => void>>;

/** An environment `lab` of some stacks, in stages that all have them. */
export function lab(stacks: Stacks, stages: readonly string[] = ['dev']): Environment {
  return defineEnvironment({
    name: 'lab',
    backend: localState(),
    stages: Object.fromEntries(
      stages.map((stage) => [stage, { profile: 'development' as const, settings: undefined }]),
    ),
    build: (stage: Stage<undefined>) => {
      const outputs: Record<string, StackOutput> = {};
      for (const [name, build] of Object.entries(stacks)) build(stage.stack(name), outputs);
    },
  });
}

/** A stack with a bucket, whose name is an output. */
export const storage: Stacks[string] = (stack, outputs) => {
  new GoogleProvider(stack, 'google', { project: 'p', region: 'europe-west1' });
  const bucket = new StorageBucket(stack, 'bucket', {
    name: `${stack.stackKey.stage}-bucket`,
    location: 'EU',
    forceDestroy: false,
  });
  bucket.overrideLogicalId('bucket');
  outputs['bucket'] = exportOutputs(stack, { bucket: bucket.name }).bucket;
};

/** A stack that puts two objects into the bucket of {@link storage}. */
export const objects: Stacks[string] = (stack, outputs) => {
  new GoogleProvider(stack, 'google', { project: 'p' });
  for (const name of ['one', 'two']) {
    const object = new StorageBucketObject(stack, name, {
      bucket: outputs['bucket']!.at(stack),
      name,
      content: 'x',
    });
    object.overrideLogicalId(name);
  }
};
