// Which methods of the table are imitated, and by what.
import { METHODS } from '../methods.js';
import { authMethods } from './auth.js';
import { chatMethods } from './chat.js';
import type { Handler } from './context.js';
import { conversationMethods } from './conversations.js';
import { conversationReads } from './conversations-read.js';
import { fileMethods } from './files.js';
import { itemMethods } from './items.js';
import { scheduleMethods } from './schedule.js';
import { userMethods } from './users.js';
import { viewMethods } from './views.js';

export const HANDLERS: Readonly<Record<string, Handler>> = {
  ...authMethods,
  ...chatMethods,
  ...conversationMethods,
  ...conversationReads,
  ...fileMethods,
  ...itemMethods,
  ...scheduleMethods,
  ...userMethods,
  ...viewMethods,
};

/** What the sandbox leaves out of the table, so that an app that calls it learns the truth. */
export const NOT_IMITATED: readonly string[] = Object.keys(METHODS).filter((method) => !HANDLERS[method]);

/** method → whether the sandbox imitates it. */
export const COVERAGE: Readonly<Record<string, 'imitated' | 'not imitated'>> = Object.fromEntries(
  Object.keys(METHODS).map((method) => [
    method,
    NOT_IMITATED.includes(method) ? ('not imitated' as const) : ('imitated' as const),
  ]),
);
