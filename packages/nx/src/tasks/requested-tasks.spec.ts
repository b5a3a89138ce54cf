import { requestedTasks } from './requested-tasks';

function requested(commandLine: string) {
  return requestedTasks(['node', 'nx', ...commandLine.split(' ')]);
}

describe('what a command line asks for', () => {
  it.each([
    ['apply lab', ['apply'], undefined],
    ['apply lab -c prod', ['apply'], 'prod'],
    ['apply -c prod lab', ['apply'], 'prod'],
    ['apply lab -c=prod', ['apply'], 'prod'],
    ['apply lab --configuration prod', ['apply'], 'prod'],
    ['apply lab --configuration=prod', ['apply'], 'prod'],
    ['apply lab -c dev -c prod', ['apply'], 'prod'],
    ['apply lab --all --lock-timeout 5 -c prod', ['apply'], 'prod'],
    ['--outputStyle static apply lab -c prod', ['apply'], 'prod'],
    ['apply lab --prod', ['apply'], 'production'],
    ['e lab -c prod', ['e2e'], 'prod'],
    ['run lab:apply', ['apply'], undefined],
    ['run lab:apply:prod', ['apply'], 'prod'],
    ['run lab:apply -c prod', ['apply'], 'prod'],
    ['run lab:apply:dev -c prod', ['apply'], 'prod'],
    ['run apply -c prod', ['apply'], 'prod'],
    ['run --verbose lab:apply:prod', ['apply'], 'prod'],
    ['run apply:plan:prod', ['plan'], 'prod'],
    ['run lab:build:prod', [], undefined],
    ['run-many -t apply -c prod', ['apply'], 'prod'],
    ['run-many -t apply plan -c prod', ['apply', 'plan'], 'prod'],
    ['run-many -t apply,plan -c prod', ['apply', 'plan'], 'prod'],
    ['run-many --target=apply --target=plan -p lab two -c prod', ['apply', 'plan'], 'prod'],
    ['run-many --targets apply --all -c prod', ['apply'], 'prod'],
    ['affected -t apply --base=HEAD~1 --head HEAD -c prod', ['apply'], 'prod'],
    ['affected --base main -t apply --configuration=prod', ['apply'], 'prod'],
    ['affected:e2e -c prod', ['e2e'], 'prod'],
    ['apply lab -- -c prod', ['apply'], undefined],
  ])('nx %s', (commandLine, targets, configuration) => {
    expect(requested(commandLine)).toEqual({ targets, ...(configuration ? { configuration } : {}) });
  });

  it('is nothing where there are no words', () => {
    expect(requestedTasks(['node', 'nx'])).toEqual({ targets: [''] });
  });
});
