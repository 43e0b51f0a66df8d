// Freezes: changes to a scope must not start, from when to when, and why. Who asks whether they may is the gate's.
import type { Feature } from '../../core/feature.js';
import { commands, lookAt } from './commands.js';
import { lookCommand } from './effects.js';
import * as facts from './facts.js';
import { frozenSection } from './home.js';
import { routes } from './http.js';
import { queries } from './list.js';
import { freezeLoosened, loosenedCommand, loosenedOf, loosenedReactions, loosenedView } from './loosened.js';
import { reactions } from './react.js';
import {
  freezeRedrawn,
  freezeUnheard,
  redrawCommand,
  redrawOf,
  redrawReactions,
  unheardView,
} from './redraw.js';
import { projections } from './store.js';
import { freezeView, saidView } from './views.js';

export { lift } from './commands.js';
export { freezeSlot, onFreezes, refreshFreeze, showCord, showFreeze } from './effects.js';
export * from './facts.js';
export { damagedFreezes } from './health.js';
export { freezeLine, freezesUntil } from './list.js';
export { type Freezing, freezeFacts } from './making.js';
export { freezeOn } from './on.js';
export * from './phase.js';
export {
  type KnownNames,
  nothingSaid,
  placeText,
  placeWord,
  type ScopeSaid,
  scopeOf,
  scopeWords,
  unknownNames,
} from './places.js';
export { freezeRedrawn, freezeUnheard, redrawCommand, unheardFreeze } from './redraw.js';
export {
  firstWindow,
  lastEnd,
  nextWindow,
  type Recurring,
  scheduleSchema,
  windowAt,
  windowsOf,
} from './schedule.js';
export {
  covers,
  coversSurely,
  folded,
  type Scope,
  type Selector,
  scopeSchema,
  type Target,
} from './scope.js';
export { freezeShape, freezeShapesOf } from './shape.js';
export * from './store.js';
export { topicOf } from './topic.js';
export { showUtc, whenWords } from './when-words.js';
export * from './words.js';

export const freezeFeature: Feature = {
  name: 'freeze',
  topic: 'freezing',
  facts: [
    facts.freezeSet,
    facts.freezeLifted,
    facts.freezeExtended,
    facts.freezeTold,
    freezeRedrawn,
    freezeUnheard,
    freezeLoosened,
  ],
  commands,
  queries,
  project: projections,
  react: [...reactions, ...redrawReactions, ...loosenedReactions],
  automatic: { [lookCommand]: lookAt, [redrawCommand]: redrawOf, [loosenedCommand]: loosenedOf },
  views: {
    freeze: freezeView,
    freezeSaid: saidView,
    freezeUnheard: unheardView,
    freezeLoosened: loosenedView,
  },
  home: { frozen: frozenSection },
  routes,
  sharedTables: ['freeze'],
};
