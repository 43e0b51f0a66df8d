// What `undo` says of heartbeats: what was heard meanwhile counts, so the opposite is said.
import { on } from '../../core/fact.js';
import type { UndoRule } from '../../core/feature.js';
import * as facts from './facts.js';

export const undo: UndoRule[] = [
  on(facts.heartbeatRegistered, ({ data }) => ({
    what: `the heartbeat ${data.name}`,
    sets: [],
    instead: `/incident forget ${data.name}`,
  })),
  on(facts.heartbeatPaused, ({ data }) => ({
    what: `the pause of ${data.name}`,
    sets: [],
    instead: `/incident unpause ${data.name}`,
  })),
  on(facts.heartbeatWatched, ({ data }) => ({
    what: `that ${data.name} is watched again`,
    sets: [],
    instead: `/incident pause ${data.name} for:1h`,
  })),
  on(facts.heartbeatForgotten, ({ data }) => ({
    what: `that ${data.name} is no longer watched`,
    sets: [],
    instead: `/incident heartbeat ${data.name} every:LENGTH`,
  })),
];
