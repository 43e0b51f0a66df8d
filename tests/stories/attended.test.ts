// A database upgrade on a Saturday: nobody covers it at first, the pipeline is done, and nobody says whether it works.
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { execute } from '../../src/execute.js';
import { type Report, recordReport, silentReport } from '../../src/features/change/index.js';
import { rows, unfinished } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

const channels = [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }, { name: 'support' }];

async function say(world: World, person: string, line: string): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/change ${line}`, { channel: 'general' });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

/** What the pipeline says of the upgrade. */
async function pipeline(world: World, state: Report['state'], sequence: number): Promise<void> {
  const ana = world.sandbox.person('ana');
  const report: Report = {
    ...silentReport,
    ...{ source: 'ci:db', key: 'pg-17', sequence, kind: 'upgrade', title: 'Upgrade PostgreSQL to 17', state },
    targets: [{ service: 'db', environment: 'prod', cluster: '' }],
    owner: { id: ana.id, name: 'ana' },
    ...(state === 'planned'
      ? { plannedStart: new Date('2026-03-14T10:00:00Z'), plannedEnd: new Date('2026-03-14T11:00:00Z') }
      : {}),
    format: 'native',
  };
  const outcome = await execute(world.app.kernel, recordReport.given(report), {
    ...{ requestId: randomUUID(), workspace: world.app.workspace, now: world.now(), newId: randomUUID },
    actor: { kind: 'pipeline', id: 'token:ci', name: 'ci', zone: null },
    ...{ source: 'pipeline', channelId: null, threadTs: null, respondUrl: null },
  });
  expect(outcome.accepted).toBe(true);
  await world.settled();
}

const texts = (world: World, channel: string) =>
  (world.sandbox.channel(channel)?.messages ?? []).map((each) => each.text);

/** The one message of a change, which stays current. */
const announcement = (world: World) => texts(world, 'changes').find((text) => text.startsWith('CHG-1 '));

function directTo(world: World, person: string): string[] {
  const { id } = world.sandbox.person(person);
  const own = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return own.flatMap((each) => each.messages).map((each) => each.text);
}

/** Presses the button of this name under the latest message in a channel that has it. */
async function press(world: World, person: string, channel: string, label: string): Promise<void> {
  const found = (world.sandbox.channel(channel)?.messages ?? []).findLast((each) =>
    JSON.stringify(each.blocks ?? []).includes(`"text":"${label}"`),
  );
  const action = /"action_id":"(run:[^"]+)"/.exec(
    JSON.stringify(found?.blocks)
      .split('{"type":"button"')
      .find((part) => part.includes(`"text":"${label}"`)) ?? '',
  );
  expect(action?.[1], label).toBeDefined();
  await world.sandbox.person(person).click(channel, found?.ts ?? '', action?.[1] ?? '');
  await world.settled();
}

/** The record of the upgrade: each attempt of a kind with its instant. */
function attempts(world: World, type: string): string[] {
  return rows<{ recordedAt: string | number }>(
    world.databaseUrl,
    `SELECT "recordedAt" FROM "Fact" WHERE "type" = '${type}' ORDER BY "position"`,
  ).map((row) => new Date(row.recordedAt).toISOString().slice(8, 16));
}

test('an upgrade on a Saturday is told to support, asked about until people answer, and never passes in silence', async () => {
  const world = await openWorld({ at: '2026-03-13T09:00:00Z', sandbox: { channels } });
  const bob = world.sandbox.person('bob');
  await bob.join('support');
  await say(world, 'ana', 'support channel:#support');

  await pipeline(world, 'planned', 1);
  expect(texts(world, 'support').at(-1)).toContain('For support: CHG-1 is planned.');
  expect(texts(world, 'support').at(-1)).toContain('Nobody was asked to cover it');
  expect(texts(world, 'support').at(-1)).toContain('at night or on a weekend');
  expect(texts(world, 'support').at(-1)).toContain('call @ana and say /incident declare');

  world.at('2026-03-14T09:30:00Z');
  await world.settled();
  expect(texts(world, 'support').at(-1)).toContain('Nobody has said yes to covering it');
  expect(directTo(world, 'ana').at(-1)).toContain('Nobody covers CHG-1');

  world.at('2026-03-14T10:00:00Z');
  await pipeline(world, 'started', 2);
  expect(texts(world, 'support').at(-1)).toContain('It began, and nobody covers it');
  expect(attempts(world, 'SupportTold')).toEqual(['13T09:00', '14T09:30', '14T10:00']);

  await world.pass({ minutes: 20 });
  await press(world, 'bob', 'support', 'I will cover it');
  expect(directTo(world, 'ana').at(-1)).toContain('@bob covers CHG-1');
  expect(texts(world, 'support').at(-1)).toContain('@bob covers CHG-1');

  world.at('2026-03-14T11:00:00Z');
  await pipeline(world, 'succeeded', 3);
  expect(texts(world, 'support').at(-1)).toContain('CHG-1 is done: is everything still working?');
  expect(texts(world, 'support').at(-1)).toContain('The monitors still see it');
  expect(directTo(world, 'ana').at(-1)).toContain('CHG-1 is done: is everything still working?');
  expect(directTo(world, 'bob')).toEqual([]);

  await world.pass({ minutes: 30 });
  expect(directTo(world, 'bob').at(-1)).toContain('Nobody has said whether CHG-1 works, 30m after I asked');
  await world.pass({ minutes: 30 });
  expect(texts(world, 'changes').at(-1)).toContain('Nobody has said whether CHG-1 works, 1h after I asked');
  expect(texts(world, 'support').at(-1)).toContain('Nobody has said whether CHG-1 works, 1h after I asked');
  await world.pass({ hours: 2 });
  expect(attempts(world, 'ValidationAsked')).toEqual(['14T11:00', '14T11:30', '14T12:00', '14T14:00']);
  expect(announcement(world)).toContain('validating');

  await press(world, 'bob', 'support', 'Something is wrong');
  await world.pass({ hours: 30 });
  expect(attempts(world, 'ValidationAsked')).toHaveLength(4);
  expect(directTo(world, 'ana').at(-1)).toContain(
    '/incident declare something is wrong since CHG-1 on:db/prod',
  );
  expect(texts(world, 'support').at(-1)).toContain('@bob says of CHG-1: something is wrong');
  expect(announcement(world)).toContain('failed');
  // Where it was asked, it says what was answered, and asks no more.
  for (const channel of ['support', 'changes'])
    expect(texts(world, channel).filter((text) => text.includes('is everything still working?'))).toEqual([]);
  expect(unfinished(world.databaseUrl)).toEqual([]);
});

test('whom Slack does not let be written to is asked where everybody sees it, and the others as well', async () => {
  const world = await openWorld({ at: '2026-03-10T09:00:00Z', sandbox: { channels } });
  await world.sandbox.person('bob').join('support');
  await say(world, 'ana', 'support channel:#support');
  world.sandbox.faults.refuse('conversations.open', 'user_disabled');
  await say(
    world,
    'ana',
    'announce Upgrade the cache kind:upgrade on:cache/prod at:2026-03-10 14:00 UTC for:1h cover:@dee',
  );
  const asked = texts(world, 'changes').at(-1) ?? '';
  expect(asked).toContain('whom I could not write to (user_disabled)');
  expect(asked).toContain('Will you cover CHG-1?');
  await say(world, 'dee', 'cover CHG-1');
  await say(world, 'ana', 'start CHG-1');
  await say(world, 'ana', 'done CHG-1');
  expect(texts(world, 'support').at(-1)).toContain('is everything still working?');
  expect(
    texts(world, 'changes').filter((text) => text.includes('is everything still working?')),
  ).toHaveLength(1);
  // Support’s channel is gone too: the question is where changes are announced.
  world.sandbox.faults.refuse('chat.postMessage', 'is_archived', { channel: 'support' });
  await world.pass({ hours: 1 });
  expect(texts(world, 'changes').join('\n')).toContain('where Slack does not let me post (is_archived)');
});
