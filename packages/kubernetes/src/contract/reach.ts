import type { AppliedObject, LabelSelector, Labels, PodContainer } from './applied-object';

/** A pod, and who asks whether it can be reached. */
export interface ReachQuestion {
  /** All objects of the release. */
  readonly objects: readonly AppliedObject[];
  readonly namespace: string;
  readonly podLabels: Labels;
  readonly container: PodContainer;
  /** Labels of the namespace that clients are in. */
  readonly clientNamespaceLabels: Labels;
}

/** Services of the pod: ports clients reach through them, by name of the Service. */
export function reachableServices(question: ReachQuestion): ReadonlyMap<string, readonly number[]> {
  const { objects, namespace, podLabels, container } = question;
  const services = objects.filter(
    ({ kind, metadata, spec }) =>
      kind === 'Service' && metadata?.namespace === namespace && selects(spec?.selector as Labels, podLabels),
  );
  return new Map(
    services.map(({ metadata, spec }) => [
      metadata?.name ?? '',
      (spec?.ports ?? []).flatMap(({ port, targetPort = port }) => {
        const target = portNumber(container, targetPort);
        const open = target !== undefined && isAllowed(question, target);
        return open && port !== undefined ? [port] : [];
      }),
    ]),
  );
}

/** Number of a container's port, given by number or name; undefined where it has none such. */
export function portNumber(container: PodContainer, port: number | string | undefined): number | undefined {
  return container.ports?.find(({ name, containerPort }) => port === name || port === containerPort)
    ?.containerPort;
}

/** Whether policies let clients through: without one that is about the pod, anyone; else who one of them names. */
function isAllowed(question: ReachQuestion, port: number): boolean {
  const { objects, namespace, podLabels, container, clientNamespaceLabels } = question;
  const policies = objects.filter(
    ({ kind, metadata, spec }) =>
      kind === 'NetworkPolicy' &&
      metadata?.namespace === namespace &&
      (spec?.policyTypes ?? ['Ingress']).includes('Ingress') &&
      matches(spec?.podSelector, podLabels),
  );
  if (policies.length === 0) return true;
  return policies.some(({ spec }) =>
    (spec?.ingress ?? []).some(
      ({ from, ports }) =>
        (from === undefined ||
          from.some(
            ({ namespaceSelector, podSelector, ipBlock }) =>
              namespaceSelector !== undefined &&
              podSelector === undefined &&
              ipBlock === undefined &&
              matches(namespaceSelector, clientNamespaceLabels),
          )) &&
        (ports === undefined || ports.some((each) => portNumber(container, each.port) === port)),
    ),
  );
}

/** A selector of labels; expressions count as not met. */
function matches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined || (selector.matchExpressions ?? []).length > 0) return false;
  return Object.entries(selector.matchLabels ?? {}).every(([label, value]) => labels[label] === value);
}

/** A Service without a selector selects nothing. */
function selects(selector: Labels | undefined, labels: Labels): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value);
}
