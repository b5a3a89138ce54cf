import { join } from 'node:path';
import { text, type PostgresDatabase } from '@mlterra/core';
import { gcpMachinesRecipe } from '@mlterra/gcp/contract';
import { hostRecipe } from '@mlterra/host/contract';
import { mlflowRecipe } from '@mlterra/mlflow/contract';
import { postgresqlRecipe } from '@mlterra/postgresql/contract';
import { generatedSecrets, SecretSearch, secretsOutOfPlace } from '@mlterra/testing/canaries';
import {
  appliedOnly,
  levelOf,
  rehearseRecipes,
  sampleTool,
  type PlatformRecipe,
  type RehearsedRecipes,
  type RehearseRecipesOptions,
  type ToolRecipe,
} from '@mlterra/testing/contracts';
import { removeRecords, writeRecord } from '@mlterra/testing/matrix';
import { checkCapabilities, type CapabilityFinding } from './capabilities';
import { checkCell, redCells } from './cells';
import { platforms, tools } from './recipes';
import { spoilt } from './testing/applied';
import { chartWires } from './testing/chart-wires';
import { gcpMachineWires, gcpPlatformWires } from './testing/gcp-capability-wires';
import { gcpWires } from './testing/gcp-wires';
import { hostPostgresWires, hostWires } from './testing/host-wires';
import { expectUntouchedGreen } from './testing/untouched';
import type { CapabilityWire, Wire } from './testing/wire';

const workspaceRoot = join(__dirname, '../../..');

const wires: Readonly<Record<string, readonly Wire[]>> = {
  gcp: gcpWires,
  host: hostWires,
  k3s: chartWires,
};

const capabilityWires: Readonly<Record<string, readonly CapabilityWire[]>> = {
  gcp: gcpPlatformWires,
  host: hostPostgresWires,
};

/** Long enough for a machine that has much else to do. */
const REHEARSAL_MS = 1_200_000;

const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));
const theWholeWay = platforms[seed % platforms.length];

/**
 * Every platform is applied with the profile of production; without all tests one of them, by the seed of the run, also with
 * that of development, and is planned again and destroyed.
 */
const optionsOf = (platform: PlatformRecipe): RehearseRecipesOptions =>
  process.env.MLTERRA_TEST_FULL || platform === theWholeWay ? {} : { ...appliedOnly, stages: ['prod'] };

/** Tests for each case, where a platform has any. */
function each<T extends object>(cases: readonly T[] = []) {
  return (title: string, test: (given: T) => void): void => {
    if (cases.length > 0) it.each(cases)(title, test);
  };
}

/** A second tool beside every tool, which must stay green when a wire of the other is cut. */
const all = [...tools, sampleTool];

describe.each(platforms.map((platform) => ({ platform, ...platform })))(
  '$provider ($way)',
  ({ platform, provider, way }) => {
    let rehearsed: RehearsedRecipes;
    let untouched: ReturnType<typeof redCells>;

    beforeAll(async () => {
      removeRecords(
        workspaceRoot,
        (record) =>
          record.provider === provider &&
          record.way === way &&
          !('level' in record && record.level === 'real server'),
      );
      rehearsed = await rehearseRecipes(platform, all, optionsOf(platform));
      untouched = redCells(rehearsed, all, platform);
    }, REHEARSAL_MS);

    it.each(tools.map((tool) => ({ name: tool.tool, tool })))('$name', ({ name, tool }) => {
      const obstacle = rehearsed.obstacles.get(name);
      if (obstacle !== undefined) {
        expect(obstacle).toMatch(/ only$| offers no /);
        writeRecord(workspaceRoot, { tool: name, provider, way, empty: obstacle });
        return;
      }
      const { findings, checks } = checkCell(rehearsed, tool, platform);
      if (findings.length > 0) {
        const failed = [...new Set(findings.map(({ check }) => check))].sort();
        writeRecord(workspaceRoot, { tool: name, provider, way, failed });
      }
      expect(findings).toEqual([]);
      writeRecord(workspaceRoot, { tool: name, provider, way, level: levelOf(rehearsed.result), checks });
    });

    it('has generated secrets where they are meant to be, and nowhere else', () => {
      const { result, log = [] } = rehearsed;
      const secrets = generatedSecrets(result.stacks);
      // The host makes those of its programs itself: Terraform never sees them.
      expect(secrets.length > 0).toBe(platform.platformKind !== 'host');
      expect(secretsOutOfPlace(result.stacks)).toEqual([]);
      expect(log.length).toBeGreaterThan(result.stacks.length);
      expect(new SecretSearch(secrets).in(log.join('\n'))).toEqual([]);
    });

    it('holds the contracts of its capabilities', () => {
      expect(checkCapabilities(rehearsed)).toEqual([]);
    });

    each(wires[provider])('shows in one cell only: $cut', ({ tool = 'mlflow', check, says, spoil }) => {
      expectUntouchedGreen(untouched);
      const red = redCells(spoilt(rehearsed, spoil), all, platform);
      expect(Object.keys(red)).toEqual([tool]);
      expect([...new Set(red[tool]!.map((finding) => finding.check))]).toEqual([check]);
      const messages = red[tool]!.map(({ message }) => message);
      expect(messages).toContainEqual(saying(says));
    });

    each(capabilityWires[provider])(
      'shows in $capability only: $cut',
      ({ capability, check, says, spoil }) => {
        expectOnly(rehearsed, spoil, capability, check, says);
      },
    );
  },
);

describe('a wire that is cut in the source', () => {
  it('shows in the cell of its tool only', async () => {
    const broken: ToolRecipe = {
      ...mlflowRecipe,
      build: (stack, services) =>
        mlflowRecipe.build(stack, { ...services, database: onAnotherPort(services.database) }),
    };
    const recipes = [broken, postgresqlRecipe, sampleTool];
    const red = redCells(await rehearseRecipes(hostRecipe, recipes, appliedOnly), recipes, hostRecipe);
    expect(Object.keys(red)).toEqual(['mlflow']);
    expect([...new Set(red['mlflow']!.map(({ check }) => check))]).toEqual(['database-url']);
  });
});

/** A database whose URLs lead elsewhere. */
function onAnotherPort(database: PostgresDatabase): PostgresDatabase {
  return {
    majorVersion: database.majorVersion,
    addDatabase(scope, id, props) {
      const login = database.addDatabase(scope, id, props);
      return {
        ...login,
        url: (scheme = 'postgresql') =>
          text`${scheme}://${login.user}:${login.password}@${login.host}:1/${login.database}`,
      };
    },
  };
}

describe('gcp (machines)', () => {
  let rehearsed: RehearsedRecipes;

  beforeAll(async () => {
    rehearsed = await rehearseRecipes(gcpMachinesRecipe, [], appliedOnly);
  }, REHEARSAL_MS);

  it('holds the contract', () => {
    expect(checkCapabilities(rehearsed)).toEqual([]);
  });

  it.each(gcpMachineWires)('shows in $capability only: $cut', ({ capability, check, says, spoil }) => {
    expectOnly(rehearsed, spoil, capability, check, says);
  });
});

function expectOnly(
  rehearsed: RehearsedRecipes,
  spoil: CapabilityWire['spoil'],
  capability: string,
  check: string,
  says: RegExp | string,
): void {
  expectUntouchedGreen(byCapability(checkCapabilities(rehearsed)));
  const red = checkCapabilities(spoilt(rehearsed, spoil));
  expect([...new Set(red.map((finding) => `${finding.capability} ${finding.check}`))]).toEqual([
    `${capability} ${check}`,
  ]);
  expect(red.map(({ message }) => message)).toContainEqual(saying(says));
}

function byCapability(
  findings: readonly CapabilityFinding[],
): Readonly<Record<string, readonly CapabilityFinding[]>> {
  return Object.fromEntries(
    findings.map(({ capability }) => [capability, findings.filter((each) => each.capability === capability)]),
  );
}

function saying(says: RegExp | string): unknown {
  return says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says);
}
