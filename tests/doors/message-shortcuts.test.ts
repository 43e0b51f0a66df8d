// The two shortcuts on a message: nothing that was acknowledged is lost, and nothing is kept twice.
import { expect, test } from 'vitest';
import { engines } from '../helpers/databases.js';
import { everything } from '../helpers/record.js';
import { type IncidentWorld, openIncident, whispers } from '../helpers/sources.js';

async function declareFrom(world: IncidentWorld, who: string, channel: string, ts: string) {
  const person = world.sandbox.person(who);
  await person.messageShortcut('declare_from_message', channel, ts);
  await person.submit(await person.waitForView(), {});
  await world.settled();
}

async function add(world: IncidentWorld, who: string, channel: string, ts: string, incident: string) {
  const person = world.sandbox.person(who);
  await person.messageShortcut('add_to_timeline', channel, ts);
  const outcome = await person.submit(await person.waitForView(), { incident });
  await world.settled();
  return outcome;
}

/** What the timeline of an incident says, but for what was taken back. */
async function entriesOf(world: IncidentWorld, number: number) {
  const { read } = world.app.db;
  const { id } = await read.incident.findFirstOrThrow({ where: { number } });
  return read.entry.findMany({ where: { incidentId: id, withdrawn: false }, orderBy: { seq: 'asc' } });
}

const long = `start ${'a '.repeat(5_900)}CONCLUSION: restart db-7`;

test('an incident declared from a message that was taken back elsewhere has it all the same', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const ana = sandbox.person('ana');
  const said = await sandbox.person('bob').say('hypothesis: the shop is also broken', { channel });
  await ana.react(channel, said.ts, 'pushpin');
  await world.settled();
  await ana.unreact(channel, said.ts, 'pushpin');
  await world.settled();
  await declareFrom(world, 'ana', channel, said.ts);
  expect((await entriesOf(world, 2))[1]).toMatchObject({
    kind: 'hypothesis',
    text: 'the shop is also broken',
    authorName: 'bob',
    occurredAt: new Date('2026-03-10T10:30:00Z'),
    permalink: said.permalink,
  });
});

test('so has one that is declared by somebody who may not know where else it is', async () => {
  const world = await openIncident({}, ' private');
  const { ts } = await world.sandbox.person('bob').say('odd logins', { channel: 'general' });
  await add(world, 'ana', 'general', ts, '1');
  await declareFrom(world, 'dee', 'general', ts);
  expect((await entriesOf(world, 2))[1]).toMatchObject({ text: 'odd logins', authorName: 'bob' });
  for (const text of whispers(world, 'dee')) expect(text).not.toContain('INC-1');
  // It is theirs to redact and to undo like any entry.
  await world.sandbox.person('dee').command('/incident undo INC-2', { channel: 'general' });
  await world.sandbox.person('dee').command('/incident redact INC-2 2 a name', { channel: 'general' });
  await world.settled();
  const { id } = await world.app.db.read.incident.findFirstOrThrow({ where: { number: 2 } });
  const facts = await world.app.db.read.fact.findMany({ where: { incidentId: id, seq: 2 } });
  expect(JSON.stringify(facts)).not.toContain('odd logins');
});

test.each(engines)(
  '%s: pressed twice is one entry, though a private incident has the message',
  async (engine) => {
    const world = await openIncident({ engine }, ' private');
    const { ts } = await world.sandbox.person('bob').say('odd logins', { channel: 'general' });
    await add(world, 'ana', 'general', ts, '1');
    await world.sandbox.person('dee').command('/incident declare strange logins', { channel: 'general' });
    await world.settled();
    await add(world, 'dee', 'general', ts, '2');
    const again = await add(world, 'dee', 'general', ts, '2');
    expect(JSON.stringify(again.errors)).toMatch(/It is on INC-2’s timeline already, as #2/);
    const texts = (await entriesOf(world, 2)).map((each) => each.text);
    expect(texts.filter((text) => text.includes('odd logins'))).toEqual(['odd logins']);
    // Who took it back may add it once more.
    await world.sandbox.person('dee').command('/incident undo INC-2', { channel: 'general' });
    await world.settled();
    await add(world, 'dee', 'general', ts, '2');
    expect((await entriesOf(world, 2)).filter((each) => each.text === 'odd logins')).toHaveLength(1);
  },
);

test.each(engines)(
  '%s: a long message reaches the record whole where Andon may not read it',
  async (engine) => {
    const world = await openIncident({ engine });
    const { sandbox } = world;
    const one = await sandbox.person('bob').say(long, { channel: 'general' });
    const two = await sandbox.person('bob').say(`${long}!`, { channel: 'general' });
    await add(world, 'ana', 'general', one.ts, '1');
    expect((await entriesOf(world, 1)).at(-1)?.text).toBe(long);
    await declareFrom(world, 'ana', 'general', two.ts);
    expect((await entriesOf(world, 2))[1]?.text).toBe(`${long}!`);
    // Once it is on record it is kept nowhere else.
    expect(await world.app.db.read.request.count({ where: { id: { startsWith: 'carried/' } } })).toBe(0);
  },
);

test('a form that was refused still has the long message when it is sent again', async () => {
  const world = await openIncident();
  const { ts } = await world.sandbox.person('bob').say(long, { channel: 'general' });
  const ana = world.sandbox.person('ana');
  await ana.messageShortcut('declare_from_message', 'general', ts);
  const view = await ana.waitForView();
  const refused = await ana.submit(view, { started: 'whenever it was' });
  expect(refused.errors).toBeDefined();
  await ana.submit(view, { started: '10:12' });
  await world.settled();
  expect((await entriesOf(world, 2))[1]?.text).toBe(long);
});

test('a long message that waits in a form is gone with what is redacted', async () => {
  const world = await openIncident();
  const { sandbox, channel } = world;
  const ana = sandbox.person('ana');
  const { ts } = await sandbox.person('bob').say(`${long} hunter2`, { channel: 'general' });
  await sandbox.person('dee').messageShortcut('declare_from_message', 'general', ts);
  await world.settled();
  expect(JSON.stringify(everything(world.databaseUrl))).toContain('hunter2');
  await add(world, 'ana', 'general', ts, '1');
  const seq = (await entriesOf(world, 1)).at(-1)?.seq;
  await ana.command(`/incident redact #${seq} a password`, { channel });
  await world.settled();
  expect(JSON.stringify(everything(world.databaseUrl))).not.toContain('hunter2');
});
