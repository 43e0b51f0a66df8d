// What is said to those who are told of a change one by one: why they, what it is, and what they can do. Drawn when it is sent.
import { readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { buttons, line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { type Neighbourhood, neighboursOf } from '../catalog/index.js';
import { componentName } from '../incident/index.js';
import * as facts from './facts.js';
import { conflictSpans, conflictsShown, kindPhrase, stateSpans } from './phrases.js';
import { type Change, changeIdOf, componentsOf } from './store.js';
import { isPosted } from './views.js';
import { changeKey, stateName } from './words.js';

type Reader = { readonly userId: string } | { readonly channel: string };

const servicesNamed = 3;
const conflictsMax = 3;
const textShown = 300;

/** What a message about a fact to one reader is drawn from. */
export function aboutReader(factId: string, reader: Reader): string {
  return 'userId' in reader ? `${factId} @${reader.userId}` : `${factId} #${reader.channel}`;
}

/** Why somebody is told of a change at these services; null when the catalogue no longer says. */
export function whyTold(
  reader: Reader,
  services: readonly string[],
  { services: known, edges }: Neighbourhood,
): string | null {
  const owns = (name: string) => {
    const service = known.get(name);
    if (!service) return false;
    return 'userId' in reader
      ? service.owners.some((owner) => owner.id === reader.userId)
      : service.channel === reader.channel;
  };
  const own = services.filter(owns);
  if (own.length > 0) return `owns ${some(own)}`;
  const behind = edges.filter((edge) => services.includes(edge.dependsOn) && owns(edge.service));
  if (behind.length === 0) return null;
  const names = [...new Set(behind.map((edge) => edge.service))];
  const on = [...new Set(behind.map((edge) => edge.dependsOn))];
  return `owns ${some(names)}, which ${names.length > 1 ? 'depend' : 'depends'} on ${some(on)}`;
}

/** A change as it is told to one reader, with why. */
export const toldView: View = async (tx, about) => {
  const [factId = '', who = ''] = about.split(' ');
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const fact = readFact(row);
  const change = await tx.change.findUnique({ where: { id: changeIdOf(fact) } });
  if (!change) return null;
  const reader = who.startsWith('@') ? { userId: who.slice(1) } : { channel: who.slice(1) };
  const said = headOf(fact.type, fact.data, fact.actor.name, change);
  return drawTold(tx, change, reader, said);
};

/** What is said in the thread under a change's message: it moved, failed, was taken back, or begins late. */
export const saidView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const fact = readFact(row);
  const change = await tx.change.findUnique({ where: { id: changeIdOf(fact) } });
  if (!change || !(await isPosted(tx, change))) return null;
  const by = ` (${fact.actor.name})`;
  if (fact.type === facts.changeMoved.type) {
    const { before, plannedStart } = facts.changeMoved.read(fact).data;
    const from: Span[] = before.plannedStart ? [' from ', { at: before.plannedStart }] : [];
    const to: Span[] = plannedStart ? [' to ', { at: plannedStart }] : [];
    return say({ bold: `${changeKey(change)} moved` }, ...from, ...to, by);
  }
  const { to, text, lateMs } = facts.changeStateSet.read(fact).data;
  const what = lateMs === undefined ? stateName(to) : `begins ${showDuration(lateMs)} late`;
  return say({ bold: `${changeKey(change)} ${what}` }, `${text ? `: ${shorten(text, textShown)}` : ''}${by}`);
};

async function drawTold(tx: Tx, change: Change, reader: Reader, head: Span[]): Promise<Message> {
  const components = await componentsOf(tx, change.id);
  const services = [...new Set(components.map((each) => each.service))];
  const why = whyTold(reader, services, await neighboursOf(tx, change.workspaceId, services));
  const key = changeKey(change);
  const own = 'userId' in reader && reader.userId === change.ownerId;
  const covers = 'userId' in reader && reader.userId === change.coverId;
  const conflicts = conflictsShown(change);
  const names = components.map(componentName).join(', ');
  return message(
    line(...head),
    line({ bold: key }, ` ${change.title}`),
    line(...stateSpans(change), names === '' ? '' : ` · ${names}`, ` · owner: ${change.ownerName}`),
    conflicts.length > 0 && list(conflicts.slice(0, conflictsMax).map(conflictSpans)),
    line(
      `You are told because ${own ? 'you own this change' : covers ? coverWords(change) : whyWords(why, reader)}. `,
      ...moveSpans(change, own),
      { code: `/change show ${key}` },
      ' shows all.',
    ),
    own &&
      change.state === 'planned' &&
      buttons(
        { label: `${key} begins now`, command: `/change start ${key}` },
        { label: `Cancel ${key}`, command: `/change cancel ${key}` },
      ),
  );
}

// Nobody is sent to themselves, and only what is still planned can be moved.
function moveSpans(change: Change, own: boolean): Span[] {
  if (change.state !== 'planned') return [];
  const move: Span = { code: `/change move ${changeKey(change)} WHEN` };
  if (own) return ['If the time is bad: ', move, '; '];
  const owner = change.ownerId ? { person: change.ownerId, name: change.ownerName } : change.ownerName;
  return ['If the time is bad, talk to ', owner, ' or say ', move, '; '];
}

function coverWords(change: Change): string {
  return change.state === 'cancelled' ? 'you were to cover it, and need not be there' : 'you cover it';
}

function whyWords(why: string | null, reader: Reader): string {
  if (why === null) return 'the catalogue named you then';
  return 'userId' in reader
    ? why.replace(/^owns/, 'you own')
    : `those who own ${why.replace(/^owns /, '')} read here`;
}

function headOf(type: string, data: unknown, actor: string, change: Change): Span[] {
  const key = changeKey(change);
  if (type === facts.changeMoved.type) {
    return [`${key} was moved by ${actor}; it is planned for another time now.`];
  }
  if (type === facts.changeDescribed.type)
    return [`${actor} says better what ${key} is, and it concerns you.`];
  if (type === facts.changeStateSet.type) {
    const { from, to, text } = data as { from: string; to: string; text: string | null };
    return [
      `${actor} says that ${key} is `,
      { bold: stateName(to) },
      `, was ${stateName(from)}${text ? `: ${text}` : '.'}`,
    ];
  }
  return [`${actor} announced ${kindPhrase(change.kind)}${change.production ? ' to production' : ''}.`];
}

function some(names: readonly string[]): string {
  return fewNames(names, servicesNamed);
}
