// Redacting what belongs to no incident, in Slack and over HTTP: messages are edited, lists say that it was redacted.
import { expect, test } from 'vitest';
import { everyRow } from '../../helpers/record.js';
import { openWorld, type World } from '../../helpers/world.js';

const secret = 'hunter2';

/** Everything that is to be read in Slack, but what a person wrote there. */
function shown(world: World): string {
  const { sandbox } = world;
  const ours = sandbox
    .channels()
    .flatMap((each) => each.messages.filter((it) => it.user === sandbox.botUserId));
  const homes = sandbox.people().map((person) => sandbox.homeOf(person.id) ?? null);
  return JSON.stringify([ours, homes]);
}

test('a report that was said in a message, listed in a thread and asked about', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  const at = `<@${sandbox.botUserId}>`;
  const told = await ana.say(`${at} report my password ${secret} fails on:api`, { channel: 'incidents' });
  await bob.command('/report slow here on:api', { channel: 'general' });
  await world.settled();
  await bob.say(`${at} report list`, { channel: 'incidents' });
  await world.settled();
  expect(shown(world)).toContain(secret);

  const outcome = await bob.command('/report redact REP-1 a password', { channel: 'general' });
  await world.settled();
  expect(outcome.reply?.text).toContain(told.permalink);
  expect(shown(world)).not.toContain(secret);
  expect(await everyRow(world.databaseUrl)).not.toContain(secret);
});

test('a page of no incident that rings: where it is announced, whom it calls, on App Home', async () => {
  const world = await openWorld();
  const { sandbox } = world;
  const [ana, bob] = [sandbox.person('ana'), sandbox.person('bob')];
  await ana.openHome();
  await bob.openHome();
  await ana.command(`/incident page @bob the password is ${secret}`, { channel: 'general' });
  await world.settled();
  expect(JSON.stringify(sandbox.homeOf(bob.id))).toContain(secret);
  await world.pass({ hours: 2 });
  expect(shown(world)).toContain(secret);

  const outcome = await ana.command('/incident redact PAGE-1 a password', { channel: 'general' });
  expect(outcome.ok).toBe(true);
  await world.settled();
  expect(shown(world)).not.toContain(secret);
  expect(await everyRow(world.databaseUrl)).not.toContain(secret);

  await ana.command(`/incident withdraw PAGE-1 ${secret} is changed`, { channel: 'general' });
  await world.settled();
  expect(shown(world)).toContain(secret);
  await ana.command('/incident redact PAGE-1 a password', { channel: 'general' });
  await world.settled();
  expect(shown(world)).not.toContain(secret);
});

test('why a heartbeat is paused', async () => {
  const world = await openWorld();
  const ana = world.sandbox.person('ana');
  await ana.command('/incident heartbeat nightly every:1d', { channel: 'general' });
  await ana.command(`/incident pause nightly for:2h ${secret} is changed`, { channel: 'general' });
  await world.settled();
  expect(shown(world)).toContain(secret);
  await ana.command('/incident redact heartbeat:nightly a password', { channel: 'general' });
  await world.settled();
  expect(shown(world)).not.toContain(secret);
  expect(shown(world)).toContain('heartbeat:nightly');
});
