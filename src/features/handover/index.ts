// Handover: a role is offered with a brief made from the record, and is the old holder’s until it is accepted.
import type { Feature } from '../../core/feature.js';
import * as commands from './commands.js';
import * as facts from './facts.js';
import { waitingSection } from './home.js';
import { heldCommand, reactions, remindCommand, settleCommand } from './react.js';
import { showQuery } from './show.js';
import { projections, reset } from './store.js';
import { undo } from './undo.js';
import { briefView, movedView, offerView } from './views.js';

export const handoverFeature: Feature = {
  name: 'handover',
  topic: 'people',
  facts: [
    facts.handoverOffered,
    facts.handoverAccepted,
    facts.handoverDeclined,
    facts.handoverWithdrawn,
    facts.handoverReminded,
    facts.roleHeldLong,
    facts.roleKept,
  ],
  commands: [commands.handover, commands.acceptCommand, commands.declineCommand, commands.stay],
  queries: [showQuery, commands.briefQuery],
  project: projections,
  reset,
  react: reactions,
  automatic: {
    [remindCommand]: commands.remindOf,
    [settleCommand]: commands.settleOf,
    [heldCommand]: commands.heldOf,
  },
  undo,
  views: { handover: offerView, handoverBrief: briefView, handoverMoved: movedView },
  home: { waiting: waitingSection },
  tables: ['handover'],
};
