import { join } from 'node:path';
import { levelOf, rehearseRecipes, sampleTool, type RehearsedRecipes } from '@mlterra/testing/contracts';
import { writeRecord } from '@mlterra/testing/matrix';
import { checkCell, redCells } from './cells';
import { platforms, tools } from './recipes';
import { spoilt } from './testing/applied';
import { gcpWires } from './testing/gcp-wires';
import { hostWires } from './testing/host-wires';
import type { Wire } from './testing/wire';

const workspaceRoot = join(__dirname, '../../..');

const wires: Readonly<Record<string, readonly Wire[]>> = { gcp: gcpWires, host: hostWires };

/** A second tool beside every tool, which must stay green when a wire of the other is cut. */
const all = [...tools, sampleTool];

describe.each(platforms.map((platform) => ({ platform, ...platform })))(
  '$provider ($way)',
  ({ platform, provider, way }) => {
    let rehearsed: RehearsedRecipes;

    beforeAll(async () => {
      rehearsed = await rehearseRecipes(platform, all);
    });

    it.each(tools.map((tool) => ({ name: tool.tool, tool })))('$name', ({ name, tool }) => {
      const obstacle = rehearsed.obstacles.get(name);
      if (obstacle !== undefined) {
        expect(obstacle).toMatch(/ only$| offers no /);
        writeRecord(workspaceRoot, { tool: name, provider, way, empty: obstacle });
        return;
      }
      const { findings, checks } = checkCell(rehearsed, tool, platform);
      expect(findings).toEqual([]);
      writeRecord(workspaceRoot, { tool: name, provider, way, level: levelOf(rehearsed.result), checks });
    });

    it.each(wires[provider]!)('shows in one cell only: $cut', ({ tool = 'mlflow', check, says, spoil }) => {
      const red = redCells(spoilt(rehearsed, spoil), all, platform);
      expect(Object.keys(red)).toEqual([tool]);
      expect([...new Set(red[tool]!.map((finding) => finding.check))]).toEqual([check]);
      const messages = red[tool]!.map(({ message }) => message);
      expect(messages).toContainEqual(
        says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says),
      );
    });
  },
);
