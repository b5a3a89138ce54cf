import { Image } from '@cdktf/provider-docker/lib/image';
import { exportOutputs, renderLiteral, type StackOutput } from '@mlterra/core';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { DockerStack } from './docker-stack';
import { imageBuiltLate, nameTaken } from './errors';

export interface BuildImageProps {
  /** Absolute path of the folder with the `Dockerfile`; all of it is sent to the engine. */
  readonly folder: string;
  /** Name with a tag, by which workloads run it. */
  readonly name: string;
  /** Values of `ARG`s of the Dockerfile; never secrets, they are part of the image. @default - none */
  readonly arguments?: Readonly<Record<string, string>>;
}

/** Images that are built on an engine, by name. */
export class BuiltImages {
  private readonly built = new Map<string, { readonly path: string; readonly imageId: StackOutput }>();
  private readonly pulledBy = new Map<string, string>();

  /** Builds an image again whenever anything in its folder, or an argument, changes. */
  public build(scope: Construct, id: string, props: BuildImageProps): void {
    const part = new Construct(scope, id);
    const { path } = part.node;
    const { name, folder, arguments: given = {} } = props;
    const other = this.built.get(name);
    if (other !== undefined) throw nameTaken(path, name, other.path);
    const user = this.pulledBy.get(name);
    if (user !== undefined) throw imageBuiltLate(path, name, user);
    const asset = new TerraformAsset(part, 'Folder', { path: folder, type: AssetType.DIRECTORY });
    const buildArgs = Object.fromEntries(
      Object.entries(given).map(([argument, value]) => [argument, renderLiteral(value)]),
    );
    const image = new Image(part, 'Resource', {
      name: renderLiteral(name),
      keepLocally: true,
      buildAttribute: { context: asset.path, buildArgs },
      triggers: { folder: asset.assetHash, arguments: renderLiteral(JSON.stringify(given)) },
    });
    const { imageId } = exportOutputs(part, { imageId: image.imageId });
    this.built.set(name, { path, imageId });
  }

  /** Id of an image as `user` runs it. */
  public imageId(user: Construct, stack: DockerStack, image: string): string {
    const built = this.built.get(image);
    if (built !== undefined) return built.imageId.at(user);
    this.pulledBy.set(image, user.node.path);
    return stack.pulledImage(image);
  }
}
