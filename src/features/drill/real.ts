// What may not be said in a drill: a verb of the workspace means those outside, and is real wherever it is said. Pure.
import type { SurfaceName, Verb } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, type Message, message } from '../../core/message.js';

/** Whether a verb reaches others than a drill, with what it states; null is not known yet. */
export function leaves(verb: Verb, stated: readonly Stated[] | null): boolean {
  if (verb.surface === null || verb.onIncident || verb.inDrill === 'allowed') return false;
  if (verb.inDrill === 'own') return stated !== null && !stated.every(isOfDrill);
  // Without words many show only what is set.
  return stated === null || stated.length > 0;
}

// A freeze, a page or a declaration says itself whether it is a drill's; what else is of an incident is about that one.
function isOfDrill({ data, about }: Stated): boolean {
  if (typeof data === 'object' && data !== null && 'drill' in data) return data.drill === true;
  return about.incidentId !== undefined && about.incidentId !== null;
}

const would: Readonly<Record<SurfaceName, string>> = {
  incident: 'it counts outside the drill, or calls people who are not in it',
  change: 'changes and what is known of services are everybody’s',
  freeze: 'it is about the deployments of everybody',
  report: 'it may call whoever is on call',
};

/** The refusal, with the way to say it all the same. */
export function wouldBeReal(verb: Verb, key: string): Message {
  const [word = ''] = verb.words;
  const { surface } = verb;
  if (surface === null) throw new Error('only the program says it');
  const typed = surface === word ? `/${surface}` : `/${surface} ${word}`;
  const declares = surface === 'incident' && word === 'declare';
  return message(
    line(
      `This is the channel of the drill ${key}, and `,
      { code: typed },
      ` would be real: ${would[surface]}. Nothing was done.`,
    ),
    line(
      'If you mean it, say it in another channel',
      ...(declares ? ['; to open another drill, add ', { code: 'drill' }, ' at the end'] : []),
      '.',
    ),
  );
}
