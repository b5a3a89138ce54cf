import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Document, parseAllDocuments } from 'yaml';
import {
  keyInvalid,
  sealedFieldUnknown,
  sealedFileUnreadable,
  sealedForAnother,
  secretInFile,
  valueNotSealed,
} from './errors';
import { isSealedValue, type SealedFor, type SealingScope } from './seal-value';

export const SEALED_SECRET = { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' } as const;

const WIDER_SCOPES = ['cluster-wide', 'namespace-wide'] as const;
const ANNOTATION = 'sealedsecrets.bitnami.com/';
const KEY = /^[A-Za-z0-9._-]{1,253}$/;

/** What a SealedSecret has, by the path of the object that has it. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
  spec: ['encryptedData', 'template'],
  status: ['conditions', 'observedGeneration'],
  'spec.template': ['data', 'immutable', 'metadata', 'type'],
};

/** A SealedSecret as it is in a file. */
export interface SealedContent {
  readonly namespace: string;
  readonly name: string;
  readonly scope: SealingScope;
  readonly annotations: Readonly<Record<string, string>>;
  /** Sealed values by key. */
  readonly encryptedData: Readonly<Record<string, string>>;
  /** What the Secret has beside its values: labels, type. */
  readonly template: Readonly<Record<string, unknown>>;
  /** Says which content it is: another one for other sealed values. */
  readonly version: string;
}

interface Given {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: {
    readonly namespace?: unknown;
    readonly name?: unknown;
    readonly annotations?: Readonly<Record<string, string>> | null;
  } | null;
  readonly spec?: { readonly encryptedData?: unknown; readonly template?: unknown } | null;
  readonly status?: object | null;
  readonly data?: unknown;
  readonly stringData?: unknown;
}

/**
 * Reads a sealed file and checks that nothing in it is plain.
 * @throws MlterraError
 */
export function readSealedFile(file: string): SealedContent {
  return contentOf(parse(file, readFileSync(file, 'utf8')), file);
}

/**
 * Reads a sealed file that is meant for one Secret.
 * @throws MlterraError also where it is sealed for another one
 */
export function readSealedFileFor(file: string, recipient: SealedFor): SealedContent {
  const content = readSealedFile(file);
  const wanted = `${recipient.namespace}/${recipient.name}`;
  const found = `${content.namespace}/${content.name}`;
  if (found !== wanted) throw sealedForAnother(file, found, wanted);
  return content;
}

/**
 * Puts sealed values into a file, which is made where there is none; whatever else is in it stays.
 * @param values sealed values by key
 */
export function writeSealedFile(
  file: string,
  recipient: SealedFor,
  values: Readonly<Record<string, string>>,
): void {
  for (const key of Object.keys(values)) if (!KEY.test(key)) throw keyInvalid(key);
  const document = existsSync(file) ? existing(file, recipient) : empty(recipient);
  for (const [key, value] of Object.entries(values)) document.setIn(['spec', 'encryptedData', key], value);
  mkdirSync(dirname(file), { recursive: true });
  const text = isJson(file)
    ? `${JSON.stringify(document.toJS(), null, 2)}\n`
    : document.toString({ lineWidth: 0 });
  const partial = `${file}.partial`;
  writeFileSync(partial, text);
  chmodSync(partial, 0o644);
  renameSync(partial, file);
}

function existing(file: string, recipient: SealedFor): Document {
  readSealedFileFor(file, recipient);
  return parse(file, readFileSync(file, 'utf8'));
}

function empty({ namespace, name }: SealedFor): Document {
  const metadata = { name, namespace };
  const spec = { encryptedData: {}, template: { metadata: { ...metadata } } };
  const object = { ...SEALED_SECRET, metadata, spec };
  return new Document(object);
}

function parse(file: string, text: string): Document {
  const documents = parseAllDocuments(text);
  const [document, ...more] = documents as Document[];
  const problem = document?.errors[0];
  if (problem !== undefined) throw sealedFileUnreadable(file, problem.message.split('\n')[0]!);
  const object: unknown = document?.toJS();
  if (document === undefined || typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw sealedFileUnreadable(file, 'it holds no object');
  }
  if (more.length > 0) throw sealedFileUnreadable(file, `it holds ${documents.length} objects`);
  return document;
}

function contentOf(document: Document, file: string): SealedContent {
  const given = document.toJS() as Given;
  if (given.kind === 'Secret' || given.data !== undefined || given.stringData !== undefined) {
    throw secretInFile(file);
  }
  if (given.apiVersion !== SEALED_SECRET.apiVersion || given.kind !== SEALED_SECRET.kind) {
    throw sealedFileUnreadable(file, `it is a ${String(given.kind)} of ${String(given.apiVersion)}`);
  }
  const { namespace, name, annotations } = given.metadata ?? {};
  if (typeof namespace !== 'string' || typeof name !== 'string') {
    throw sealedFileUnreadable(file, 'its metadata has no namespace or no name');
  }
  const encryptedData = encryptedDataOf(given, file);
  const template = (given.spec?.template ?? {}) as Readonly<Record<string, unknown>>;
  const plain = template.data as Readonly<Record<string, unknown>> | null | undefined;
  if (Object.keys(plain ?? {}).length > 0) throw secretInFile(file);
  checkFields(file, '', given);
  checkFields(file, 'status', given.status);
  checkFields(file, 'spec', given.spec);
  checkFields(file, 'spec.template', template);
  return {
    namespace,
    name,
    scope: scopeOf(annotations ?? {}),
    annotations: annotations ?? {},
    encryptedData,
    template,
    version: versionOf(encryptedData),
  };
}

/** A field that nobody reads can hold a plain value. */
function checkFields(file: string, path: string, object: object | null | undefined): void {
  const unknown = Object.keys(object ?? {}).find((field) => !FIELDS[path]!.includes(field));
  if (unknown !== undefined) throw sealedFieldUnknown(file, path === '' ? unknown : `${path}.${unknown}`);
}

function encryptedDataOf({ spec }: Given, file: string): Record<string, string> {
  const data = spec?.encryptedData;
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) {
    throw sealedFileUnreadable(file, 'it has no `spec.encryptedData`');
  }
  for (const [key, value] of Object.entries(data)) {
    if (!KEY.test(key)) throw keyInvalid(key);
    if (typeof value !== 'string' || !isSealedValue(value)) throw valueNotSealed(file, key);
  }
  return data as Record<string, string>;
}

function scopeOf(annotations: Readonly<Record<string, string>>): SealingScope {
  return WIDER_SCOPES.find((scope) => annotations[`${ANNOTATION}${scope}`] === 'true') ?? 'strict';
}

function versionOf(encryptedData: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(encryptedData)
    .sort()
    .map((key) => [key, encryptedData[key]]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
}

function isJson(file: string): boolean {
  return file.endsWith('.json');
}
