// `/change services`: what the catalogue has, at most a phone screen of it.
import type { Query } from '../../core/command.js';
import { line, list, message, type Span, say, shorten } from '../../core/message.js';
import { sharedPathsOf } from './monitors.js';
import { readWhole } from './store.js';
import { named, type ServiceEntry } from './words.js';

/** So many lines fit on a phone beside what stands around them. */
const shownMax = 10;

export const servicesQuery: Query = {
  verb: {
    surface: 'change',
    words: ['services'],
    usage: '[TEXT]',
    summary:
      'The services of the catalogue and who owns them; with words, those that are called so or owned so.',
    example: '/change services payments',
    onIncident: false,
  },
  async answer(tx, values, ask) {
    const { services } = await readWhole(tx, ask.workspace.id);
    const shared = await sharedPathsOf(tx, ask.workspace.id);
    const wanted = typeof values.text === 'string' ? values.text.replace(/^@/, '').toLowerCase() : '';
    const all = [...services.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
    const found = all.filter((each) => wordsOf(each).some((word) => word.toLowerCase().includes(wanted)));
    if (all.length === 0)
      return say(
        'The catalogue is empty. Changes are accepted without it, but nobody’s owners are told. ',
        { code: '/change service api owner:me' },
        ' adds a service, ',
        { code: 'andon catalog import FILE' },
        ' reads a file.',
      );
    if (found.length === 0)
      return say(
        `No service is called or owned “${shorten(wanted, 60)}”; there are ${all.length}. `,
        { code: '/change services' },
        ' lists them.',
      );
    return message(
      line({ bold: `${found.length.toLocaleString('en')} ${found.length === 1 ? 'service' : 'services'}` }),
      list(found.slice(0, shownMax).map(shown)),
      found.length > shownMax &&
        line(
          `${(found.length - shownMax).toLocaleString('en')} more: `,
          { code: '/change services WORDS' },
          ' narrows.',
        ),
      shared.length > 0 &&
        line(
          `Monitors that may fail with what they watch: ${named(shared.map((each) => each.monitor.name))}. `,
          { code: `/change service ${shared[0]?.monitor.watches[0] ?? 'NAME'}` },
          ' says more.',
        ),
      line({ code: '/change service NAME' }, ' shows all of one.'),
    );
  },
};

function shown({ name, owners, team, tier }: ServiceEntry): Span[] {
  const who =
    owners.length > 0
      ? named(
          owners.map((each) => each.name),
          3,
        )
      : 'no owner';
  const more = [team && `team ${team}`, tier !== null && `tier ${tier}`].filter(Boolean).join(', ');
  return [{ bold: name }, `: ${who}${more ? ` (${more})` : ''}`];
}

function wordsOf({ name, owners, team }: ServiceEntry): string[] {
  return [name, team ?? '', ...owners.map((each) => each.name)];
}
