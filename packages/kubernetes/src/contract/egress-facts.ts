import type { Egress, EgressFacts } from '@mlterra/testing/contracts';
import type { AppliedObject, Labels, LabelSelector } from './applied-object';

const NAME_SERVER_PORT = 53;

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Pods, and all that is known of the stage they are in. */
export interface EgressQuestion {
  /** All objects of the stage. */
  readonly objects: readonly AppliedObject[];
  readonly namespace: string;
  /** @default - not known: only policies about all pods of the namespace count */
  readonly podLabels?: Labels;
}

interface PolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly EgressRule[];
}

interface EgressRule {
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly { readonly port?: number | string }[];
}

interface PolicyPeer {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string };
}

/** What policies let pods connect to, beside name servers; `free` where none is about what they connect to. */
export function egressFacts(question: EgressQuestion): Egress {
  const { objects, namespace, podLabels } = question;
  const policies = objects
    .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata?.namespace === namespace)
    .map(({ spec }) => (spec ?? {}) as PolicySpec)
    .filter((spec) => isAboutEgress(spec) && selectsPods(spec.podSelector, podLabels));
  if (policies.length === 0) return 'free';
  return policies.flatMap(({ egress = [] }) => egress.flatMap((rule) => ruleFacts(question, rule)));
}

function isAboutEgress({ policyTypes, egress }: PolicySpec): boolean {
  return policyTypes?.includes('Egress') ?? egress !== undefined;
}

function selectsPods(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return labels === undefined ? isEmpty(selector) : matches(selector, labels);
}

function ruleFacts(question: EgressQuestion, { to = [], ports = [] }: EgressRule): readonly EgressFacts[] {
  const numbers = ports.map(({ port }) => port);
  if (numbers.length > 0 && numbers.every((port) => port === NAME_SERVER_PORT)) return [];
  const all = numbers.length === 0 || numbers.includes(undefined);
  const only = all ? {} : { ports: numbers.filter((port) => typeof port === 'number') };
  if (to.length === 0) return [{ hosts: ['*'], cidrs: ['0.0.0.0/0'], ...only }];
  return to.map((peer) => {
    const { ipBlock } = peer;
    return ipBlock === undefined
      ? { hosts: hostsOf(question, peer), ...only }
      : { cidrs: [ipBlock.cidr ?? ''], ...only };
  });
}

/** Names of the Services before the pods that a rule means. */
function hostsOf(
  { objects, namespace }: EgressQuestion,
  { namespaceSelector, podSelector = {} }: PolicyPeer,
): readonly string[] {
  if (namespaceSelector !== undefined && isEmpty(namespaceSelector) && isEmpty(podSelector)) return ['*'];
  const named = namespaceSelector?.matchLabels?.[NAMESPACE_NAME];
  const known = objects.flatMap(({ kind, metadata }) =>
    kind === 'Namespace' ? [{ name: metadata?.name ?? '', labels: metadata?.labels ?? {} }] : [],
  );
  const everywhere = [...known, ...(named === undefined ? [] : [{ name: named, labels: {} }])];
  const meant =
    namespaceSelector === undefined
      ? [namespace]
      : everywhere
          .filter(({ name, labels }) => matches(namespaceSelector, { ...labels, [NAMESPACE_NAME]: name }))
          .map(({ name }) => name);
  return [...new Set(meant)].flatMap((each) => hostsIn(objects, each, podSelector));
}

/** Names in one namespace; where no program is known in it, an operator makes the pods, and any name will do. */
function hostsIn(objects: readonly AppliedObject[], namespace: string, selector: LabelSelector): string[] {
  const own = objects.filter(({ metadata }) => metadata?.namespace === namespace);
  const pods = own.flatMap(({ spec, kind }) =>
    kind !== 'Job' && spec?.template !== undefined ? [spec.template.metadata?.labels ?? {}] : [],
  );
  if (pods.length === 0) return namesOf('*', namespace);
  const selected = pods.filter((labels) => matches(selector, labels));
  return own
    .filter(({ kind }) => kind === 'Service')
    .filter(({ spec }) =>
      selected.some((labels) => matches({ matchLabels: spec?.selector as Labels }, labels)),
    )
    .flatMap(({ metadata }) => namesOf(metadata?.name ?? '', namespace));
}

function namesOf(service: string, namespace: string): string[] {
  return [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
    `${service}.${namespace}`,
  ];
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Expressions count as not met. */
function matches({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}, labels: Labels): boolean {
  return (
    matchExpressions.length === 0 &&
    Object.entries(matchLabels).every(([label, value]) => labels[label] === value)
  );
}
