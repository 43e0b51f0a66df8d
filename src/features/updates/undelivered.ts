// What is stated where something that was subscribed to did not get through: whoever subscribed is told, and its way ends after a while.
import { isInSlack, readFact, type Stated } from '../../core/fact.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey, openWhere } from '../incident/index.js';
import { audienceOf, keyOf } from './audience.js';
import {
  type Recipient,
  subscriptionEnded,
  subscriptionsStream,
  type UpdateUndelivered,
  updateUndelivered,
} from './facts.js';
import {
  readDelivered,
  readHolders,
  readMembers,
  readScene,
  type SubscriptionRow,
  subscribedOf,
} from './store.js';
import { copySlot, ofLane, unreachableMax, wishSaid } from './words.js';

/** So far back it is looked for what got through last. */
const rowMax = 50;
const openMax = 50;

interface Refusal {
  readonly method: string;
  readonly error: string;
  readonly needed: string | null;
}

type Way = 'person' | 'channel' | 'mail';

/** The facts of a job that was given up; none where it was for no subscription. `about`: of which telling it was. */
export async function undelivered(
  tx: Tx,
  lane: string,
  failure: Refusal,
  about: string | null = null,
): Promise<readonly Stated[]> {
  const from = ofLane(lane);
  if (!from) return [];
  const row = await tx.subscription.findUnique({ where: { id: from.subscription } });
  const before = await inARow(tx, lane);
  const telling = about === null ? null : await tellingOf(tx, about, from);
  const again = telling !== null && (telling.posted || before.some((each) => sameTelling(each, telling)));
  const of = again ? null : telling;
  const target = row ? { id: row.targetId, name: row.targetName } : of?.target;
  if (!target) return [];
  // Where it has ended meanwhile, nobody is told once more.
  const madeBy = row ? { id: row.madeById, name: row.madeByName } : { id: 'andon:ended', name: '' };
  const counts = !again && (from.way !== 'mail' || isForGood(failure));
  const counted = before.filter((each) => each.data.counts).length + 1;
  const live = row && (from.way !== 'mail' || row.mail);
  const open = live && counts && counted >= unreachableMax ? await hearing(tx, row, from.way) : null;
  const told = open?.filter((each) => each.told) ?? [];
  const { error, needed } = failure;
  const missed = updateUndelivered(
    {
      ...{ subscription: from.subscription, way: from.way, targetId: target.id, targetName: target.name },
      ...{ error, needed, madeBy, counts, times: before.length + 1 },
      goesOn: counted === unreachableMax ? told.map(({ key }) => key) : [],
      telling: of?.telling ?? null,
    },
    { stream: lane, ...(of ? { incidentId: of.incidentId } : {}) },
  );
  // Whoever wants letters too goes on getting them.
  const stays = from.way === 'person' && row?.mail;
  if (!row || !open || told.length > 0 || stays) return [missed];
  return [missed, overBy(row, from.way, failure, open)];
}

function overBy(row: SubscriptionRow, way: Way, { error }: Refusal, open: readonly Hearing[]): Stated {
  const kind = row.kind === 'channel' ? 'channel' : 'person';
  return subscriptionEnded(
    {
      ...{ id: row.id, kind, targetId: row.targetId, targetName: row.targetName, error },
      ...{ because: 'unreachable', way: way === 'mail' ? 'mail' : 'all', left: 0 },
      ...{ wish: '', said: wishSaid(subscribedOf(row)) },
      open: way === 'mail' ? [] : open.map(({ incidentId, key, tell }) => ({ incidentId, key, tell })),
      madeBy: { id: row.madeById, name: row.madeByName },
    },
    { stream: subscriptionsStream },
  );
}

// The server said no to this address (5xx), and nothing of Andon's own is to be mended.
function isForGood({ error, needed }: Refusal): boolean {
  return needed === null && (/^5\d\d\b/.test(error) || error === 'that is no address');
}

// What got through is stated on the same stream, as where it was posted.
async function inARow(tx: Tx, lane: string): Promise<UpdateUndelivered[]> {
  const last = await tx.fact.findMany({
    where: { stream: lane },
    orderBy: { version: 'desc' },
    take: rowMax,
  });
  const through = last.findIndex(({ type }) => type !== updateUndelivered.type);
  const row = through < 0 ? last : last.slice(0, through);
  return row.map((each) => updateUndelivered.read(readFact(each)));
}

interface Of {
  readonly incidentId: string;
  readonly target: Recipient;
  /** It is there already, and was to be drawn anew. */
  readonly posted: boolean;
  readonly telling: NonNullable<UpdateUndelivered['data']['telling']>;
}

function sameTelling({ data }: UpdateUndelivered, { telling }: Of): boolean {
  return data.telling?.factId === telling.factId && data.telling.what === telling.what;
}

// What it would have told of which incident, and who there is to know that it did not.
async function tellingOf(
  tx: Tx,
  about: string,
  from: { readonly subscription: string; readonly way: Way },
): Promise<Of | null> {
  const [what = '', factId = ''] = about.split('/');
  const fact = await tx.fact.findUnique({ where: { id: factId } });
  if (!fact?.incidentId) return null;
  const { workspaceId, incidentId } = fact;
  const delivered = await readDelivered(tx, incidentId);
  const told = delivered.find(
    ({ data }) => data.factId === factId && (data.what === what || what === 'dropped'),
  )?.data;
  const target = told?.to.find((each) => each.subscription === from.subscription && each.way === from.way);
  if (!told || !target) return null;
  const slot = copySlot(factId, target);
  const posted = await tx.posted.findUnique({ where: { workspaceId_slot: { workspaceId, slot } } });
  const telling = { what: told.what, factId, number: told.number, id: target.id };
  return {
    ...{ incidentId, target, posted: posted !== null },
    telling: { ...telling, tell: await whoTells(tx, incidentId) },
  };
}

interface Hearing {
  readonly incidentId: string;
  readonly key: string;
  /** It was told of this one before. */
  readonly told: boolean;
  readonly tell: { readonly id: string; readonly name: string } | null;
}

// The open incidents whose next update would go this way.
async function hearing(tx: Tx, row: SubscriptionRow, way: Way): Promise<Hearing[]> {
  const open = await tx.incident.findMany({
    where: { workspaceId: row.workspaceId, ...openWhere },
    orderBy: { number: 'desc' },
    take: openMax,
  });
  const to = keyOf({ way, id: row.targetId });
  const found: Hearing[] = [];
  for (const incident of open) {
    const scene = await readScene(tx, incident);
    if (!audienceOf(scene, 'update').some((each) => keyOf(each) === to)) continue;
    const tell = await whoTells(tx, incident.id);
    found.push({ incidentId: incident.id, key: incidentKey(incident), told: scene.told.has(to), tell });
  }
  return found;
}

async function whoTells(tx: Tx, incidentId: string): Promise<{ id: string; name: string } | null> {
  const incident = await tx.incident.findUniqueOrThrow({ where: { id: incidentId } });
  const { communications, commander } = await readHolders(tx, incident);
  const members = incident.private ? await readMembers(tx, incidentId) : null;
  const may = (it: { readonly id: string } | null) =>
    it !== null && isInSlack(it.id) && (!members || members.has(it.id));
  return may(communications) ? communications : may(commander) ? commander : null;
}
