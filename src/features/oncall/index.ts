// On call: schedules from calendars or entered in Slack, escalations, and how each person is reached.
import type { Feature } from '../../core/feature.js';
import * as commands from './commands.js';
import { endsCommand, lookAtEnds } from './ends.js';
import * as facts from './facts.js';
import { feedsCommand, readFeeds } from './feeds.js';
import { oncallQuery } from './list.js';
import { lookAtPeople, peopleCommand } from './people.js';
import { reactions } from './react.js';
import { projections } from './store.js';
import { undo } from './undo.js';

export { addressOf, addressProblem } from './decide.js';
export * from './facts.js';
export { type FeedSaid, feedGivenUp, mailGivenUp, mailTaken, recordFeed } from './feeds.js';
export { readLevels, type SaidLevel, type SaidWhom, showLevels } from './levels.js';
export { firstPeopleLook, type PeopleSaid, type Placed, recordPeople } from './people.js';
export { contactOf, escalationFor, mailOfFeed, personOf, reachedBy, scheduleNamed } from './read.js';
export { emptyLevels, feedFindings, goneFindings, onlyBySlack, unheardOf } from './ways.js';
export * from './words.js';

export const oncallFeature: Feature = {
  name: 'oncall',
  topic: 'duties',
  facts: Object.values(facts).filter((each) => typeof each === 'function' && 'type' in each),
  // By name: help stands in this order.
  commands: [
    commands.duty,
    commands.relieve,
    commands.contact,
    commands.escalation,
    commands.schedule,
    commands.unschedule,
  ],
  queries: [oncallQuery],
  project: projections,
  react: reactions,
  undo,
  automatic: { [feedsCommand]: readFeeds, [endsCommand]: lookAtEnds, [peopleCommand]: lookAtPeople },
  sharedTables: ['escalation', 'shift', 'schedule', 'contactPath'],
};
