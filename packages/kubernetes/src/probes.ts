import { renderLiteral, type Container, type Probe } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';

const DEFAULT_START_SECONDS = 120;
const START_PERIOD_SECONDS = 5;
const ANSWER_SECONDS = 5;

/** How long the first start of a container may take. */
export function startSeconds({ probe }: Container): number {
  return probe?.startSeconds ?? DEFAULT_START_SECONDS;
}

/** The probes of a container, all of them the same question: has it started, is it ready, does it hang. */
export function probes(
  container: Container,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const { probe } = container;
  if (probe === undefined) return {};
  const question: k8s.Probe = {
    ...ask(probe),
    timeoutSeconds: ANSWER_SECONDS,
  };
  return {
    startupProbe: {
      ...question,
      periodSeconds: START_PERIOD_SECONDS,
      failureThreshold: Math.ceil(startSeconds(container) / START_PERIOD_SECONDS),
    },
    readinessProbe: { ...question, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...question, periodSeconds: 20, failureThreshold: 3 },
  };
}

function ask(probe: Probe): k8s.Probe {
  if (probe.command !== undefined) return { exec: { command: probe.command.map(renderLiteral) } };
  const port = k8s.IntOrString.fromString(probe.port!);
  if (probe.httpPath === undefined) return { tcpSocket: { port } };
  return { httpGet: { port, path: renderLiteral(probe.httpPath) } };
}
