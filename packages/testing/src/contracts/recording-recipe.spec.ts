import { objectStoreContract, postgresDatabaseContract, toolContract } from './suites';
import { recordingRecipe } from './recording-recipe';
import { sampleTool } from './sample-tool';

postgresDatabaseContract(recordingRecipe);
objectStoreContract(recordingRecipe);
toolContract(sampleTool, recordingRecipe);
