import pc from 'picocolors';
import type { StackResult, StackStatus } from '../run/result';

type Colour = (text: string) => string;

const LOOKS: Readonly<Record<StackStatus, readonly [symbol: string, colour: Colour]>> = {
  unchanged: ['=', pc.dim],
  changed: ['~', pc.yellow],
  new: ['+', pc.green],
  restamp: ['=', pc.dim],
  waiting: ['…', pc.cyan],
  removed: ['-', pc.red],
  busy: ['!', pc.red],
  protected: ['#', pc.cyan],
  applied: ['✔', pc.green],
  destroyed: ['✔', pc.green],
  'in-use': ['!', pc.red],
  absent: ['=', pc.dim],
  'in-sync': ['=', pc.dim],
  drifted: ['!', pc.yellow],
  blocked: ['!', pc.red],
  interrupted: ['!', pc.yellow],
  failed: ['✖', pc.red],
};

export function statusText(status: StackStatus): string {
  const [symbol, colour] = LOOKS[status];
  return colour(`${symbol} ${status}`);
}

/** `✔ applied  quickstart/dev/mlflow  12.3 s` */
export function resultLine(result: StackResult): string {
  const seconds = result.seconds >= 0.1 ? pc.dim(`  ${result.seconds.toFixed(1)} s`) : '';
  return `${statusText(result.status)}  ${result.key}${seconds}`;
}
