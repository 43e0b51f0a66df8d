// The rules of escalations: whose one is, and whether there are those whom it names. Pure.
import { accept, type Decision, refuse } from '../../core/command.js';
import { line, list, type Message, message, say, shorten } from '../../core/message.js';
import { about, slackOrigin } from './decide.js';
import * as facts from './facts.js';
import { howToWriteLevels, type SaidLevel, type SaidWhom, showLevels } from './levels.js';
import { type Known, nameIn } from './store.js';
import { type Level, unheardText, usualRepeatMinutes, type Whom } from './words.js';

export interface EscalationInput {
  readonly name: string;
  /** Null: it is taken away. */
  readonly levels: readonly SaidLevel[] | null;
  readonly repeatMinutes?: number | undefined;
}

/** Who is called for something, level by level; without levels that is taken away. */
export function decideEscalation(known: Known, input: EscalationInput): Decision {
  const whose = ownerIn(known, input.name);
  if ('message' in whose) return refuse(whose.message, 'name');
  const before = known.escalations.find((each) => each.kind === whose.kind && each.name === whose.name);
  const of = facts.ownerOf(whose);
  if (input.levels === null) {
    if (!before) return refuse(say(`There is no escalation of ${of}. Nothing was changed.`));
    return accept([facts.escalationRemoved(whose, about)], goneReply(whose, of));
  }
  const levels: Level[] = [];
  for (const said of input.levels) {
    const whom = said.whom.map((each) => meant(known, each));
    const wrong = whom.find((each) => 'unknown' in each);
    if (wrong && 'unknown' in wrong) return refuse(say(wrong.unknown), 'levels');
    levels.push({ whom: whom.filter((each): each is Whom => !('unknown' in each)), minutes: said.minutes });
  }
  const repeatMinutes = input.repeatMinutes ?? usualRepeatMinutes;
  return accept(
    [facts.escalationSet({ ...whose, levels, repeatMinutes, origin: slackOrigin }, about)],
    message(
      line({ bold: `The escalation of ${of}` }),
      list(
        levels.map((level) => [showLevels([level])]),
        { ordered: true },
      ),
      line(
        `After the last level it begins anew after ${repeatMinutes} min, until somebody has it. `,
        {
          code: `/incident oncall ${whose.name}`,
        },
        ' shows whom that calls now.',
      ),
      unheard(known, levels),
    ),
  );
}

// No refusal: they may simply never have spoken to Andon.
function unheard(known: Known, levels: readonly Level[]) {
  const there = new Set(known.people.map((each) => each.id));
  const ids = levels.flatMap(({ whom }) =>
    whom.flatMap(({ kind, id }) => (kind === 'person' && id !== null && !there.has(id) ? [id] : [])),
  );
  return ids.length > 0 && line(unheardText(ids));
}

function goneReply({ kind, name }: Owner, of: string): Message {
  if (kind !== 'default')
    return say(
      `The escalation of ${of} is gone. `,
      { code: `/incident oncall ${name}` },
      ' shows who is called now.',
    );
  return message(
    line(
      { bold: 'The default escalation is gone.' },
      ' From now on pages, alerts and heartbeats that have no escalation of their own, and no owners of a service, call nobody.',
    ),
    line('To have somebody called: ', {
      code: '/incident escalation default schedule:NAME 5m then @user 10m',
    }),
  );
}

type Owner = { readonly kind: facts.EscalationKind; readonly name: string };

function ownerIn(known: Known, word: string): Owner | { readonly message: Message } {
  const named = /^(service|team):(.+)$/i.exec(word);
  const name = named?.[2] ?? word;
  const kind = named?.[1]?.toLowerCase();
  if (!named && /^default$/i.test(word)) return { kind: 'default' as const, name: 'default' };
  const service = kind === 'team' ? null : nameIn(known.services, name);
  if (service !== null) return { kind: 'service' as const, name: service };
  const team = kind === 'service' ? null : nameIn(known.teams, name);
  if (team !== null) return { kind: 'team' as const, name: team };
  // A team that no service names yet may be called all the same, where somebody says that it is one.
  if (kind === 'team') return { kind: 'team' as const, name };
  return {
    message: say(
      `No service and no team is called “${shorten(name, 60)}”. `,
      { code: '/change services' },
      ' shows what there is; the escalation for everything else is ',
      { code: '/incident escalation default LEVELS' },
      '.',
    ),
  };
}

function meant(known: Known, said: SaidWhom): Whom | { readonly unknown: string } {
  const { kind, id, name } = said;
  const shown = shorten(name, 60);
  if (kind === 'person') {
    if (id !== null) return { kind, id, name: known.people.find((each) => each.id === id)?.name ?? name };
    const people = known.people.filter((each) => each.name.toLowerCase() === name.toLowerCase());
    const only = people.length === 1 ? people[0] : undefined;
    if (only) return { kind, id: only.id, name: only.name };
    return {
      unknown: `I do not know @${shown}. Type @ and pick the person from the list that Slack offers.`,
    };
  }
  const names = known.schedules.map((each) => each.name);
  const schedule = kind === 'pager' ? null : nameIn(names, name);
  if (schedule !== null) return { kind: 'schedule', id: null, name: schedule };
  const pager = kind === 'schedule' ? null : nameIn(known.pagers, name);
  if (pager !== null) return { kind: 'pager', id: null, name: pager };
  const mend =
    kind === 'pager'
      ? `andon pager create KIND --name ${shown} makes one, on the machine where Andon runs.`
      : `/incident schedule ${shown} makes one.`;
  return {
    unknown: `There is no ${kind === 'pager' ? 'pager' : 'schedule'} “${shown}”. ${mend} ${howToWriteLevels}`,
  };
}
