import { localClusterEnvironment } from '@mlterra/e2e';
import environment from './environment';

localClusterEnvironment({ environment, dir: __dirname, mlflowPort: 30530 });
