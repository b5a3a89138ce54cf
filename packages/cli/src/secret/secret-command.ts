import { Command } from 'commander';
import { backupKeysCommand, restoreKeysCommand } from './keys-command';
import { rotateCommand } from './rotate-command';
import { sealCommand } from './seal-command';

/** `mlterra secret` */
export function secretCommand(): Command {
  return new Command('secret')
    .description('secrets that are sealed for git')
    .addCommand(sealCommand())
    .addCommand(rotateCommand())
    .addCommand(backupKeysCommand())
    .addCommand(restoreKeysCommand());
}
