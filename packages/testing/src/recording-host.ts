import type { Host, WorkloadPort } from '@mlterra/core';
import type { Construct } from 'constructs';
import { Recording } from './recording';

const LOOPBACK = '127.0.0.1';

/** A host on which nothing runs, see {@link Recording}. */
export class RecordingHost extends Recording implements Host {
  public readonly platformKind = 'host';
  public readonly listenAddress = LOOPBACK;

  public hostHeaders(_scope: Construct, _id: string, { port }: WorkloadPort): readonly string[] {
    return [`localhost:${port}`, `${LOOPBACK}:${port}`];
  }

  protected hostOf(): string {
    return LOOPBACK;
  }
}
