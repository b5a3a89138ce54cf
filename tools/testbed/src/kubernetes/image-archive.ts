import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** An image without a base: a few static programs. */
export interface ProgramImage {
  readonly names: readonly string[];
  /** Paths in the image, without the first slash, with the file on this machine that each holds. */
  readonly programs: Readonly<Record<string, string>>;
  /** Other names of programs: path to the path it links to. @default - none */
  readonly links?: Readonly<Record<string, string>>;
  /** None where pods name their program. */
  readonly entrypoint: readonly string[];
}

interface Entry {
  readonly path: string;
  readonly content?: Buffer;
  readonly link?: string;
}

const BLOCK = 512;

/** Writes an image as `docker save` does; the same programs give the same bytes. */
export function writeImageArchive(file: string, image: ProgramImage): void {
  const layer = tar([
    ...Object.entries(image.programs).map(([path, source]) => ({ path, content: readFileSync(source) })),
    ...Object.entries(image.links ?? {}).map(([path, link]) => ({ path, link })),
  ]);
  const configuration = json({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: image.entrypoint, Env: ['PATH=/:/usr/local/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created: '1970-01-01T00:00:00Z' }],
  });
  const Config = `${sha256(configuration)}.json`;
  const manifest = json([{ Config, RepoTags: image.names, Layers: ['layer.tar'] }]);
  writeFileSync(
    file,
    tar([
      { path: 'manifest.json', content: manifest },
      { path: Config, content: configuration },
      { path: 'layer.tar', content: layer },
    ]),
  );
}

/** Regular, executable files and links of the format `ustar`. */
function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, link }: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number): void => {
    block.write(value.toString(8).padStart(length - 1, '0'), offset);
  };
  block.write(path, 0);
  octal(0o755, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(link === undefined ? '0' : '2', 156);
  block.write(link ?? '', 157);
  block.write('ustar\0' + '00', 257);
  // The sum is taken as if its own field were spaces.
  block.fill(' ', 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  block[154] = 0;
  return block;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
