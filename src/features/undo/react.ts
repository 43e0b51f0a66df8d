// What the world is told of an undoing: what said the change says that it was undone.
import { on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { say } from '../../core/message.js';
import { idOf, refresh, retopic, sayInstead, tellIncident } from '../incident/index.js';
import { changeUndone } from './facts.js';

export const reactions: Reaction[] = [
  on(changeUndone, (fact) => {
    const id = idOf(fact);
    const { name } = fact.actor;
    const shown = fact.data.undone.filter(({ hidden }) => !hidden);
    return [
      ...fact.data.undone.map(({ factId, seq, what }) =>
        sayInstead(id, factId, say({ strike: `#${seq} ${what}` }, ` undone by ${name}`)),
      ),
      ...(shown.length > 0
        ? [
            tellIncident(
              fact,
              id,
              say(
                { bold: 'Undone' },
                `: ${shown.map(({ seq, what }) => `#${seq} ${what}`).join(', ')} (${name})`,
              ),
            ),
          ]
        : []),
      ...refresh(id),
      ...(fact.data.undone.some(({ inTopic }) => inTopic) ? [retopic(id)] : []),
    ];
  }),
];
