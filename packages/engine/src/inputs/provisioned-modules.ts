import { readInstalledModules } from './installed-modules';
import { factsOfFiles } from './module-facts';
import { moduleFiles } from './modules-hash';

/** Resources with provisioners in the modules that an init has fetched, as `module.m.module.inner.type.name`. */
export function provisionedInModules(workDir: string): readonly string[] {
  return readInstalledModules(workDir).flatMap(({ key, dir }) => {
    const module = key
      .split('.')
      .map((name) => `module.${name}`)
      .join('.');
    return factsOfFiles(moduleFiles(dir))
      .resources.filter(({ provisioned }) => provisioned)
      .map(({ address }) => `${module}.${address}`);
  });
}
