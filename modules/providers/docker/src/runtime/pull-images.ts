import type Docker from 'dockerode';
import { imageUnpullable } from '../errors';
import { answerOf, orMissing } from './connect';
import { registryLogin } from './registry-login';

/** Pulls what is missing, so that an apply does not fail half-way for want of an image. */
export async function pullImages(docker: Docker, images: readonly string[]): Promise<void> {
  for (const image of images) {
    if ((await orMissing(docker.getImage(image).inspect())) !== undefined) continue;
    try {
      const login = registryLogin(image);
      const stream = await docker.pull(image, login === undefined ? {} : { authconfig: login });
      await new Promise<void>((resolve, reject) => {
        docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      throw imageUnpullable(image, answerOf(error));
    }
  }
}
