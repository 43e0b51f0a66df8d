// What people mean by the words behind `page`: a person, a service, a team, a schedule, or the default escalation.
import type { Ask, Refused } from '../../core/command.js';
import { line, type Message, message, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { knownPeople } from '../catalog/index.js';
import type { Target, TargetKind } from '../oncall/index.js';

const prefix = /^(service|team|schedule):\s*/i;
const namesShown = 6;

export interface Meant {
  readonly target: Target;
  /** What else the word could have meant, for people. */
  readonly note: string | null;
}

/** Whom a word means; of a service and a team of one name, the service. Refuses a word that is nothing of these. */
export async function meantBy(tx: Tx, written: string, ask: Ask): Promise<Meant | Refused> {
  const only = prefix.exec(written)?.[1]?.toLowerCase();
  const word = written.replace(prefix, '').trim();
  if (!only && word.toLowerCase() === 'default') return just({ kind: 'default', id: null, name: 'default' });
  const names = await namesOf(tx, ask.workspace.id);
  // `api/prod` is called like `api`.
  const like = (kind: 'service' | 'team' | 'schedule') => {
    const asked = kind === 'service' ? (word.split('/')[0] ?? word) : word;
    return names[kind].find((each) => each.toLowerCase() === asked.toLowerCase());
  };
  const found = (['service', 'team', 'schedule'] as const)
    .filter((kind) => !only || only === kind)
    .flatMap((kind) => {
      const name = like(kind);
      return name === undefined ? [] : [{ kind, id: null, name }];
    });
  const [first, ...others] = found;
  if (first) {
    const other = others.map(({ kind, name }) => `/incident page ${quoted(`${kind}:${name}`)}`).join(' or ');
    const note = other === '' ? null : `${first.name} is taken as a ${first.kind}; the other one: ${other}.`;
    return { target: first, note };
  }
  const person = only ? null : await personOf(tx, word, ask);
  return person ? just(person) : { refused: { message: unknown(word, names), field: 'target' } };
}

/** Refuses an app, Andon itself among them: it is nobody who could have a page. Null: the target is none. */
export async function appMeant(tx: Tx, { kind, id, name }: Target, ask: Ask): Promise<Refused | null> {
  if (kind !== 'person' || id === null) return null;
  const workspaceId = ask.workspace.id;
  const own = await tx.workspace.count({ where: { id: workspaceId, slackBotUserId: id } });
  const bots = await tx.person.count({ where: { workspaceId, id, isBot: true } });
  if (own + bots === 0) return null;
  const told = message(
    line({ bold: 'Nobody was called.' }, ` ${shorten(name, 60)} is an app and can answer no page.`),
    line(
      'A person: ',
      { code: '/incident page @name REASON' },
      '. Whoever is on call: ',
      {
        code: '/incident page default REASON',
      },
      '.',
    ),
  );
  return { refused: { message: told, field: 'user' } };
}

function just(target: Target): Meant {
  return { target, note: null };
}

async function personOf(tx: Tx, written: string, ask: Ask): Promise<Target | null> {
  const people = await knownPeople(tx, ask.workspace.id);
  const named = (id: string, name: string): Target => ({ kind: 'person', id, name });
  const byId = people.find((each) => each.id === written);
  // What only looks like Slack's id is somebody whom nobody would reach.
  if (byId) return named(byId.id, byId.name);
  const word = written.replace(/^@/, '').toLowerCase();
  const alike = people.filter(
    ({ name, isBot }) => !isBot && (name.toLowerCase() === word || name.toLowerCase().split(' ')[0] === word),
  );
  // Two people of one name: neither is meant for certain.
  return alike.length === 1 && alike[0] ? named(alike[0].id, alike[0].name) : null;
}

async function namesOf(
  tx: Tx,
  workspaceId: string,
): Promise<Record<Exclude<TargetKind, 'person' | 'default'>, string[]>> {
  const services = await tx.service.findMany({ where: { workspaceId }, select: { name: true, team: true } });
  const escalations = await tx.escalation.findMany({
    where: { workspaceId },
    select: { kind: true, name: true },
  });
  const schedules = await tx.schedule.findMany({ where: { workspaceId }, select: { name: true } });
  const of = (kind: string) => escalations.filter((each) => each.kind === kind).map(({ name }) => name);
  const teams = services.flatMap(({ team }) => (team === null ? [] : [team]));
  const once = (names: readonly string[]) => [...new Set(names)].sort();
  return {
    service: once([...services.map(({ name }) => name), ...of('service')]),
    team: once([...teams, ...of('team')]),
    schedule: once(schedules.map(({ name }) => name)),
  };
}

function unknown(word: string, names: Awaited<ReturnType<typeof namesOf>>): Message {
  const all = [...names.service, ...names.team, ...names.schedule];
  const shown = all.slice(0, namesShown).join(', ') + (all.length > namesShown ? ', …' : '');
  return message(
    line(
      { bold: 'Nobody was called.' },
      ` I know no service, team, schedule or person “${shorten(word, 60)}”.${shown === '' ? '' : ` Known: ${shown}.`}`,
    ),
    line(
      'A person: ',
      { code: '/incident page @name REASON' },
      '. Whoever is on call: ',
      { code: '/incident page default REASON' },
      '.',
    ),
  );
}

const quoted = (name: string) => (name.includes(' ') ? `"${name}"` : name);
