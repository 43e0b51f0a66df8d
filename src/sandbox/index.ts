// A local Slack, for tests and drills: Web API, signed HTTP delivery and Socket Mode on loopback.
export { COVERAGE, HANDLERS, NOT_IMITATED } from './api/registry.js';
export { checkBlocks, checkView } from './blockkit/index.js';
export type { ApiCall, CallHook, Faults } from './faults.js';
export { COMMON_ERRORS, METHODS, type MethodContract } from './methods.js';
export { openSandbox } from './sandbox.js';
export { allBotScopes } from './seed.js';
export { signBody as signedRequest } from './signature.js';
export type * from './types.js';
