import type { Publisher, StackOutput } from '@mlterra/core';
import type { Construct } from 'constructs';
import type { DockerStack } from './docker-stack';
import type { StageNames } from './stage-names';

/** What containers of a stack are made with. */
export interface ContainerPlace {
  readonly stack: DockerStack;
  readonly network: StackOutput;
  readonly instance: StackOutput;
  readonly publisher: Publisher;
  /** Id of an image, pulled or built. */
  readonly imageId: (user: Construct, image: string) => string;
  readonly names: StageNames;
}
