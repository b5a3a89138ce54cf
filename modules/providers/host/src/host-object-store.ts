import { exportOutputs, text, type ObjectStore, type ObjectStoreAccess } from '@mlterra/core';
import { Construct } from 'constructs';
import { HostFolder } from './host-folder';
import { HostStack } from './host-stack';

/** Objects in a folder. All processes of a host run as one account, so a grant has nothing to add. */
export class HostObjectStore extends Construct implements ObjectStore {
  private readonly folder: HostFolder;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = HostStack.of(this);
    const folder = stack.place('objects', this);
    stack.addFolder(folder);
    this.folder = new HostFolder(exportOutputs(this, { folder }).folder);
  }

  public grantReadWrite(): ObjectStoreAccess {
    return { uri: text`file://${this.folder}`, variables: {}, peers: [] };
  }
}
