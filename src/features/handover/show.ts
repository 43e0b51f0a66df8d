// What is known now: the pinned message as an answer, with what the brief has of what is under way.
import type { Query } from '../../core/command.js';
import { say } from '../../core/message.js';
import { findIncident } from '../incident/index.js';
import { summaryWith } from '../places/index.js';
import { underWay } from './brief.js';

export const showQuery: Query = {
  verb: {
    ...{ surface: 'incident', words: ['show'], topic: 'incident', usage: '', onIncident: true },
    summary: 'What is known now.',
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    return (await summaryWith(tx, found.target.id, (row) => underWay(tx, row))) ?? say('It is gone.');
  },
};
