import { impliedProvider } from '../digest/instances';
import type { TerraformConfig } from '../synth/synthesize';
import { bodyOf, type Block, type Body } from './body';
import { callsIn, callsInTemplate, literalOf, pathsIn, pathsInTemplate, type Call } from './calls';
import { templateOf, tokensOf, type Template, type Token } from './tokens';

/** What the files of one module say about things outside of them. */
export interface ModuleFacts {
  readonly calls: readonly Call[];
  /** Whether it reads `path.cwd`. */
  readonly readsFolder: boolean;
  /** `<type>.<name>` */
  readonly data: readonly string[];
  readonly ephemeral: readonly string[];
  readonly resources: readonly ResourceFacts[];
  /** Variables with a value from outside, where it is the root module; without the ephemeral ones. */
  readonly variables: readonly string[];
  readonly modules: readonly ModuleCall[];
  /** Providers by local name; without source where only the types of resources name them. */
  readonly providers: Readonly<Record<string, ProviderNeed>>;
  /** Local files and folders that providers read, as attributes of resources name them. */
  readonly sources: readonly Template[];
  /** Set where a file could not be read. */
  readonly unreadable?: string;
}

export interface ResourceFacts {
  /** `<type>.<name>` */
  readonly address: string;
  /** Whether it runs provisioners. */
  readonly provisioned: boolean;
  /** Whether Terraform itself does not destroy it: `prevent_destroy`. */
  readonly protected: boolean;
}

export interface ModuleCall {
  readonly name: string;
  /** Undefined where it is no literal. */
  readonly source?: string;
  readonly version?: string;
}

export interface ProviderNeed {
  readonly source?: string;
  readonly version?: string;
}

const NOTHING: ModuleFacts = {
  calls: [],
  readsFolder: false,
  data: [],
  ephemeral: [],
  resources: [],
  variables: [],
  modules: [],
  providers: {},
  sources: [],
};

/** Attributes of resources by which providers upload, unpack or install a file or folder of the caller. */
const SOURCES: readonly string[] = ['source', 'source_file', 'source_dir', 'chart'];

/**
 * The same of blocks in resources: files are copied into containers of Docker. A mount is only passed on; the folder that an image
 * is built from changes a plan by triggers only, which the configuration has.
 */
const SOURCES_IN: Readonly<Record<string, string>> = { upload: 'source' };

/** Whether Terraform, or OpenTofu, reads a file of this name as part of a module. */
export function isModuleFile(name: string): boolean {
  return /\.(tf|tofu)(\.json)?$/.test(name);
}

/** Facts of a module with these files, by name. */
export function factsOfFiles(files: Readonly<Record<string, string>>): ModuleFacts {
  const facts = Object.entries(files)
    .filter(([name]) => isModuleFile(name))
    .map(([name, text]) => {
      try {
        return name.endsWith('.json')
          ? factsOfConfig(JSON.parse(text) as TerraformConfig)
          : factsOfText(text);
      } catch (error) {
        if (error instanceof SyntaxError) return { ...NOTHING, unreadable: `${name}: ${error.message}` };
        throw error;
      }
    });
  return facts.reduce(merged, NOTHING);
}

/** Facts of a configuration in JSON, such as a stack's. */
export function factsOfConfig(config: TerraformConfig): ModuleFacts {
  const strings: string[] = [];
  collectStrings(config, strings);
  const calls: Call[] = [];
  const paths: string[] = [];
  let unreadable: string | undefined;
  for (const text of strings) {
    if (!text.includes('{')) continue;
    try {
      const template = templateOf(text);
      calls.push(...callsInTemplate(template));
      paths.push(...pathsInTemplate(template));
    } catch {
      unreadable ??= text.slice(0, 60);
    }
  }
  const data = addresses(config['data']);
  const checks = named(config['check']).flatMap(([, check]) => addresses(check['data']));
  const resources = named(config['resource']).flatMap(([type, blocks]) =>
    named(blocks).map(([name, block]): ResourceFacts => ({
      address: `${type}.${name}`,
      provisioned: block['provisioner'] !== undefined,
      protected: each(block['lifecycle']).some(({ prevent_destroy: prevented }) => prevented === true),
    })),
  );
  const modules = named(config['module']).map(([name, { source, version }]): ModuleCall => ({
    name,
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  }));
  const required = each(config['terraform']).flatMap(({ required_providers: needs }) =>
    each(needs).flatMap((need) => Object.entries(need)),
  );
  const ephemeral = addresses(config['ephemeral']);
  return {
    calls,
    readsFolder: paths.includes('cwd'),
    data: [...data, ...checks],
    ephemeral,
    resources,
    variables: named(config['variable']).flatMap(([name, variable]) =>
      variable['ephemeral'] === true ? [] : [name],
    ),
    modules,
    providers: {
      ...implied([...data, ...checks, ...resources.map(({ address }) => address), ...ephemeral]),
      ...needsOf(required),
    },
    sources: named(config['resource']).flatMap(([, resource]) =>
      Object.values(resource).flatMap((blocks) => each(blocks).flatMap((block) => sourcesOf(block))),
    ),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

function factsOfText(text: string): ModuleFacts {
  const tokens = tokensOf(text);
  const { blocks } = bodyOf(tokens);
  const of = (type: string): readonly Block[] => blocks.filter((block) => block.type === type);
  const addressed = (found: readonly Block[]): readonly string[] =>
    found.map(({ labels }) => labels.join('.'));
  const checked = of('check').flatMap(({ body }) => body.blocks.filter(({ type }) => type === 'data'));
  const data = addressed([...of('data'), ...checked]);
  const required = of('terraform')
    .flatMap(({ body }) => body.blocks)
    .filter(({ type }) => type === 'required_providers')
    .flatMap(({ body }) => Object.entries(body.attributes));
  const ephemeral = addressed(of('ephemeral'));
  return {
    calls: callsIn(tokens),
    readsFolder: pathsIn(tokens).includes('cwd'),
    data,
    ephemeral,
    resources: of('resource').map(resourceOf),
    variables: of('variable').flatMap(({ labels, body }) => (isTrue(body, 'ephemeral') ? [] : labels)),
    modules: of('module').map(({ labels, body }): ModuleCall => {
      const source = literalOf(trimmed(body.attributes['source']));
      const version = literalOf(trimmed(body.attributes['version']));
      return {
        name: labels[0] ?? '',
        ...(source === undefined ? {} : { source }),
        ...(version === undefined ? {} : { version }),
      };
    }),
    providers: {
      ...implied([...data, ...addressed(of('resource')), ...ephemeral]),
      ...needsOf(required.map(([name, need]) => [name, objectOf(need)])),
    },
    sources: of('resource').flatMap(({ body }) => sourcesIn(body)),
  };
}

function resourceOf({ labels, body }: Block): ResourceFacts {
  const of = (type: string): readonly Block[] => body.blocks.filter((block) => block.type === type);
  return {
    address: labels.join('.'),
    provisioned: of('provisioner').length > 0,
    protected: of('lifecycle').some((block) => isTrue(block.body, 'prevent_destroy')),
  };
}

function merged(one: ModuleFacts, other: ModuleFacts): ModuleFacts {
  return {
    calls: [...one.calls, ...other.calls],
    readsFolder: one.readsFolder || other.readsFolder,
    data: [...one.data, ...other.data],
    ephemeral: [...one.ephemeral, ...other.ephemeral],
    resources: [...one.resources, ...other.resources],
    variables: [...one.variables, ...other.variables],
    modules: [...one.modules, ...other.modules],
    providers: Object.fromEntries(
      [...Object.keys(one.providers), ...Object.keys(other.providers)].map((name) => [
        name,
        { ...one.providers[name], ...other.providers[name] },
      ]),
    ),
    sources: [...one.sources, ...other.sources],
    unreadable: one.unreadable ?? other.unreadable,
  };
}

function collectStrings(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (key === '//') continue;
      found.push(key);
      collectStrings(child, found);
    }
  }
}

/** JSON configuration may have one block, or a list of them. */
function each(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return [value]
    .flat()
    .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
}

function named(value: unknown): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  return each(value).flatMap((blocks) =>
    Object.entries(blocks).flatMap(([name, block]) =>
      name === '//' ? [] : each(block).map((one) => [name, one] as const),
    ),
  );
}

function addresses(value: unknown): readonly string[] {
  return named(value).flatMap(([type, blocks]) =>
    Object.keys(blocks).flatMap((name) => (name === '//' ? [] : [`${type}.${name}`])),
  );
}

function sourcesOf(block: Readonly<Record<string, unknown>>): readonly Template[] {
  const inner = Object.entries(SOURCES_IN).flatMap(([name, attribute]) =>
    each(block[name]).map((one) => one[attribute]),
  );
  return [...SOURCES.map((name) => block[name]), ...inner].flatMap((value) =>
    typeof value === 'string' ? readable(value) : [],
  );
}

/** The parts of one text; none where it is malformed, which `factsOfConfig` reports for all texts of the configuration. */
function readable(text: string): readonly Template[] {
  try {
    return [templateOf(text)];
  } catch {
    return [];
  }
}

function sourcesIn({ attributes, blocks }: Body): readonly Template[] {
  const inner = blocks.map(({ type, body }) => body.attributes[SOURCES_IN[type] ?? '']);
  return [...SOURCES.map((name) => attributes[name]), ...inner].flatMap((tokens) => {
    const [token, ...rest] = trimmed(tokens) ?? [];
    return token?.kind === 'template' && rest.length === 0 ? [token.parts] : [];
  });
}

/** Terraform finds the provider of a type by its first word. */
function implied(found: readonly string[]): Record<string, ProviderNeed> {
  return Object.fromEntries(
    found.map((address) => [impliedProvider(address), {}] as const).filter(([name]) => name !== 'terraform'),
  );
}

function needsOf(required: readonly (readonly [string, unknown])[]): Record<string, ProviderNeed> {
  return Object.fromEntries(
    required
      .filter(([name]) => name !== '//')
      .map(([name, need]) => {
        const { source, version } = (
          typeof need === 'string' ? { version: need } : (need ?? {})
        ) as ProviderNeed;
        return [
          name,
          { ...(source === undefined ? {} : { source }), ...(version === undefined ? {} : { version }) },
        ];
      }),
  );
}

/** `{ source = "…", version = "…" }`, as an object of its literals. */
function objectOf(tokens: readonly Token[]): unknown {
  const literal = literalOf(trimmed(tokens));
  if (literal !== undefined) return literal;
  const entries: [string, string][] = [];
  tokens.forEach((token, index) => {
    const [mark, value] = [tokens[index + 1], tokens[index + 2]];
    if (token.kind !== 'word' || mark?.kind !== 'mark' || !'=:'.includes(mark.text)) return;
    const text = literalOf(value === undefined ? undefined : [value]);
    if (text !== undefined) entries.push([token.text, text]);
  });
  return Object.fromEntries(entries);
}

function isTrue({ attributes }: Body, name: string): boolean {
  const [token] = trimmed(attributes[name]) ?? [];
  return token?.kind === 'word' && token.text === 'true';
}

function trimmed(tokens: readonly Token[] | undefined): readonly Token[] | undefined {
  return tokens?.filter(({ kind }) => kind !== 'newline');
}
