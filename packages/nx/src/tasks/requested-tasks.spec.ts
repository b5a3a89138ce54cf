import { requestedTasks } from './requested-tasks';

function requested(commandLine: string) {
  return requestedTasks(['node', 'nx', ...commandLine.split(' ')]);
}

describe('what a command line asks for', () => {
  it.each([
    ['apply lab', ['apply'], undefined, 'lab'],
    ['apply lab -c prod', ['apply'], 'prod', 'lab'],
    ['apply -c prod lab', ['apply'], 'prod', 'lab'],
    ['apply lab -c=prod', ['apply'], 'prod', 'lab'],
    ['apply lab --configuration prod', ['apply'], 'prod', 'lab'],
    ['apply lab --configuration=prod', ['apply'], 'prod', 'lab'],
    ['apply lab -c dev -c prod', ['apply'], 'prod', 'lab'],
    ['apply lab --all --lock-timeout 5 -c prod', ['apply'], 'prod', 'lab'],
    ['--outputStyle static apply lab -c prod', ['apply'], 'prod', 'lab'],
    ['apply lab --prod', ['apply'], 'production', 'lab'],
    ['e lab -c prod', ['e2e'], 'prod', 'lab'],
    ['run lab:apply', ['apply'], undefined, 'lab'],
    ['run lab:apply:prod', ['apply'], 'prod', 'lab'],
    ['run lab:apply -c prod', ['apply'], 'prod', 'lab'],
    ['run lab:apply:dev -c prod', ['apply'], 'prod', 'lab'],
    ['run apply -c prod', ['apply'], 'prod', ''],
    ['run --verbose lab:apply:prod', ['apply'], 'prod', 'lab'],
    ['run apply:plan:prod', ['plan'], 'prod', 'apply'],
    ['run lab:build:prod', [], undefined, 'lab'],
    ['run-many -t apply -c prod', ['apply'], 'prod', undefined],
    ['run-many -t apply plan -c prod', ['apply', 'plan'], 'prod', undefined],
    ['run-many -t apply,plan -c prod', ['apply', 'plan'], 'prod', undefined],
    ['run-many --target=apply --target=plan -p lab two -c prod', ['apply', 'plan'], 'prod', undefined],
    ['run-many --targets apply --all -c prod', ['apply'], 'prod', undefined],
    ['affected -t apply --base=HEAD~1 --head HEAD -c prod', ['apply'], 'prod', undefined],
    ['affected --base main -t apply --configuration=prod', ['apply'], 'prod', undefined],
    ['affected:e2e -c prod', ['e2e'], 'prod', undefined],
    ['apply lab -- -c prod', ['apply'], undefined, 'lab'],
    ['apply -c prod', ['apply'], 'prod', ''],
    ['apply --project=lab -c prod', ['apply'], 'prod', 'lab'],
    ['run @acme/lab:apply:prod', ['apply'], 'prod', '@acme/lab'],
  ])('nx %s', (commandLine, targets, configuration, project) => {
    expect(requested(commandLine)).toEqual({
      targets,
      ...(configuration === undefined ? {} : { configuration }),
      ...(project === undefined ? {} : { project }),
    });
  });

  it('is nothing where there are no words', () => {
    expect(requestedTasks(['node', 'nx'])).toEqual({ targets: [''], project: '' });
  });
});
