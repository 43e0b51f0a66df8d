// Heartbeats: what says again and again that it lives, and a page when it does not.
import type { Feature } from '../../core/feature.js';
import { forget, lookOf, pause, register, steadyOf, unpause } from './commands.js';
import * as facts from './facts.js';
import { routes } from './http.js';
import { heartbeatsQuery } from './list.js';
import { lookCommand, reactions, steadyCommand } from './react.js';
import { redactions } from './redacted.js';
import { projections } from './store.js';
import { undo } from './undo.js';
import { fireSection, views } from './views.js';

export { type BeatDoor, takeBeat } from './beat.js';
export { beat, beatFields, beatInput, forgetOwn } from './commands.js';
export * from './facts.js';
export { heardShape, heartbeatOf, heartbeatParams, heartbeatShape } from './http.js';
export { readAll } from './list.js';
export { type PauseWords, wordsOfPauses } from './redacted.js';
export { keepBeat, ownBeats, readHeartbeat, readNames } from './store.js';
export * from './words.js';

export const heartbeatFeature: Feature = {
  name: 'heartbeat',
  topic: 'signals',
  facts: [
    facts.heartbeatRegistered,
    facts.heartbeatSet,
    facts.heartbeatMissed,
    facts.heartbeatResumed,
    facts.heartbeatPaused,
    facts.heartbeatWatched,
    facts.heartbeatForgotten,
  ],
  commands: [register, pause, unpause, forget],
  queries: [heartbeatsQuery],
  project: [...projections, ...redactions],
  react: reactions,
  undo,
  automatic: { [lookCommand]: lookOf, [steadyCommand]: steadyOf },
  views,
  home: { fire: fireSection },
  routes,
  sharedTables: ['heartbeat'],
};
