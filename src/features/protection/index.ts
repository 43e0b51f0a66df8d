// GitHub's deployment protection rules: a job that GitHub holds back asks the gate, and is told when it may start.
import type { Feature } from '../../core/feature.js';
import { automatic, reactions } from './callback.js';
import { protectionAnswered, protectionUnanswered } from './facts.js';

export * from './answer.js';
export { githubCallbackOf, notSetUp, readProtection, reask, tellGithub, unanswered } from './callback.js';
export * from './facts.js';

export const protectionFeature: Feature = {
  name: 'protection',
  facts: [protectionAnswered, protectionUnanswered],
  react: reactions,
  automatic,
};
