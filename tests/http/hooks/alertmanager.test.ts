// Alertmanager at the door: a group opens an incident that people see in Slack; repeats and replays change nothing.
import { expect, test } from 'vitest';
import { channelOf } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';
import { recorded, sample, sender } from './help.js';

const channels = [{ name: 'general' }, { name: 'incidents' }];
const texts = (world: World, number = 1) => channelOf(world, number).messages.map((each) => each.text);

/** The group as it is sent when all of it is over. */
function over() {
  const group = sample('alertmanager.group');
  group.status = 'resolved';
  for (const alert of group.alerts) {
    alert.status = 'resolved';
    alert.endsAt = '2026-03-10T10:29:00Z';
  }
  return group;
}

test('a group opens one incident, calls somebody, and asks when all is quiet', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const ana = world.sandbox.person('ana');
  await ana.command('/change service cart owner:@bob', { channel: 'general' });
  const from = await sender(world, 'alertmanager');
  const answer = await from.deliver(sample('alertmanager.group'));
  expect(answer).toMatchObject({ status: 200, body: { alerts: 2 } });
  expect(answer.body.reply).toContain('INC-1 is opened');
  await world.settled();
  expect(await world.app.db.read.incident.findMany()).toMatchObject([
    {
      ...{ title: 'The cart answers with errors (2 alerts)', severity: 'SEV2' },
      startedAt: new Date('2026-03-10T10:21:05.123Z'),
    },
  ]);
  const shown = texts(world).find((text) => text.startsWith('Alerts'));
  expect(shown).toContain('2 of 2 alerts fire');
  expect(shown).toContain('cart-worker');
  expect(JSON.stringify(channelOf(world).messages)).not.toContain('javascript:');
  expect(await world.app.db.read.page.findMany()).toMatchObject([{ targetName: 'cart', cause: 'alert' }]);
  expect(world.sandbox.channels().filter((each) => each.isIm)).not.toEqual([]);

  expect((await from.deliver(over())).status).toBe(200);
  await world.pass({ minutes: 3 });
  expect(texts(world).find((text) => text.startsWith('Alerts'))).toContain('2 alerts, all quiet');
  const question = channelOf(world).messages.find((each) => each.text.startsWith('All 2 alerts are quiet'));
  const action = /"action_id":"(run:\/incident mitigated [^"]+)"/.exec(JSON.stringify(question?.blocks))?.[1];
  await ana.click(channelOf(world).id, question?.ts ?? '', action ?? '');
  await world.settled();
  expect(await world.app.db.read.incident.findFirstOrThrow()).toMatchObject({
    ...{ status: 'investigating', mitigatedAt: new Date('2026-03-10T10:29:00Z') },
  });
});

test('repeats, replays and late words change nothing', async () => {
  const world = await openWorld();
  const from = await sender(world, 'alertmanager');
  const group = sample('alertmanager.group');
  await from.deliver(over());
  const before = await recorded(world);
  for (const body of [over(), group, group, { ...group, receiver: 'again' }])
    expect((await from.deliver(body)).status).toBe(200);
  expect((await recorded(world)).facts).toBe(before.facts);
  expect(await world.app.db.read.incident.count()).toBe(0);
});

test('what is no group of alerts is refused with where it is wrong', async () => {
  const world = await openWorld();
  const from = await sender(world, 'alertmanager', { service: 'cart', environment: 'prod' });
  const group = sample('alertmanager.group');
  const bad: [object | string, string][] = [
    [{ ...group, version: '3' }, '/version'],
    [{ ...group, alerts: [{ ...group.alerts[0], status: 'odd' }] }, '/alerts/0/status'],
    ['[]', 'object'],
  ];
  const before = await recorded(world);
  for (const [body, words] of bad) {
    const answer = await from.deliver(body);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.text).toContain(words);
  }
  expect(await recorded(world)).toEqual(before);
  // A label may hold anything; what the hook says of the place goes before it.
  const odd = { alertname: '<!channel>\u202e', severity: 7, service: '../../x', env: { a: 1 } };
  const answer = await from.deliver({
    ...group,
    alerts: [{ status: 'firing', labels: odd, startsAt: 'soon' }],
  });
  expect(answer.status, answer.text).toBe(200);
  await world.settled();
  expect(await world.app.db.read.alert.findFirstOrThrow()).toMatchObject({
    ...{ service: 'cart', environment: 'prod', title: '<!channel>', severity: null },
  });
  expect(JSON.stringify(channelOf(world).messages.map((each) => each.text))).not.toContain('<!channel>');
});

/** A group of so many critical alerts, each of its own service. */
function storm(count: number, words = 'it is down') {
  const group = sample('alertmanager.group');
  const one = group.alerts[0];
  const alerts = Array.from({ length: count }, (_, index) => ({
    ...one,
    ...{ fingerprint: `storm-${index}`, annotations: { summary: `${index}: ${words}` } },
  }));
  return { ...group, alerts };
}

test('of a storm the first thousand are taken, and the rest is counted', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const from = await sender(world, 'alertmanager');
  const answer = await from.deliver(storm(1_003, 'x'.repeat(1_500)));
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(answer.body.reply).toContain('3 were left out');
  expect(await world.app.db.read.alert.count()).toBe(1_000);
});

test('what is too large is refused, and that is said where incidents are announced, once an hour', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const from = await sender(world, 'alertmanager');
  const huge = storm(10, 'x'.repeat(500_000));
  const said = async () => {
    await world.settled();
    const { messages } = world.sandbox.channel('incidents') ?? { messages: [] };
    return messages.filter(({ text }) => text.includes('were refused')).map(({ text }) => text);
  };
  const stranger = { authorization: 'Bearer andon_hook_wrong' };
  expect((await from.deliver(huge, stranger)).status).toBe(413);
  expect(await said()).toEqual([]);
  for (let i = 0; i < 2; i += 1) expect((await from.deliver(huge)).status).toBe(413);
  const [text, ...more] = await said();
  expect(more).toEqual([]);
  expect(text).toMatch(/alertmanager-.*too large \(5 MB; at most 4 MB\)/);
  expect(text).toContain('max_alerts: 500');
  await world.pass({ minutes: 61 });
  await from.deliver(huge);
  expect(await said()).toHaveLength(2);
});

test('resolved while it fires: its channel hears which alerts do, and half an hour later everybody hears it once', async () => {
  const world = await openWorld({ sandbox: { channels } });
  const ana = world.sandbox.person('ana');
  await ana.command('/change service cart owner:@bob', { channel: 'general' });
  const from = await sender(world, 'alertmanager');
  await from.deliver(sample('alertmanager.group'));
  await world.settled();
  await ana.command('/incident resolve INC-1', { channel: 'general' });
  await world.settled();
  expect(texts(world).find((text) => text.includes('still fire'))).toMatch(
    /^2 alerts still fire: “.*”, “.*”\./,
  );
  await world.pass({ hours: 4 });
  for (const receiver of ['a', 'b']) {
    await from.deliver({ ...sample('alertmanager.group'), receiver, groupLabels: { receiver } });
    await world.settled();
  }
  const announced = world.sandbox.channel('incidents')?.messages.map(({ text }) => text) ?? [];
  const said = announced.filter((text) => text.includes('after INC-1 was resolved'));
  expect(said).toEqual([
    expect.stringMatching(/still fire, 4h after INC-1 was resolved.*\/incident reopen INC-1/),
  ]);
  const pages = await world.app.db.read.page.findMany({ orderBy: { number: 'asc' } });
  expect(pages.at(-1)).toMatchObject({ state: 'ringing', targetName: 'cart' });
  expect(pages.filter(({ state }) => state === 'ringing')).toHaveLength(1);
});
