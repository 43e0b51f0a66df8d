// Forms and buttons: everything that a command does, for whoever would rather not type it.
import { describe, expect, test } from 'vitest';
import type { OpenView, Person } from '../../src/sandbox/index.js';
import { everything, holdWriteLock, rows } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

const triggerMs = 3_000;

describe('declaring by form', () => {
  test('no words open it within the life of the trigger, and one ephemeral reply follows', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    const asked = await ana.command('/incident declare');
    expect(asked.ok).toBe(true);
    expect(asked.reply).toBeUndefined();
    expect(asked.latencyMs).toBeLessThan(triggerMs);
    const view = await ana.waitForView();
    expect(view.title).toBe('Declare an incident');
    const sent = await ana.submit(view, {
      title: 'writes are stuck',
      sev: 'SEV1',
      on: 'api/prod, web/prod/eu-1',
      started: '20m ago',
      flags: ['drill'],
    });
    expect(sent).toMatchObject({ ok: true, closed: true });
    await world.settled();
    expect(
      rows(
        world.databaseUrl,
        'SELECT "title", "severity", "drill", "startedAt", "placeKind" FROM "Incident"',
      ),
    ).toMatchObject([{ title: 'writes are stuck', severity: 'SEV1', drill: 1, placeKind: 'channel' }]);
    expect(
      rows(world.databaseUrl, 'SELECT "service", "environment", "cluster" FROM "Impact" ORDER BY "service"'),
    ).toEqual([
      { service: 'api', environment: 'prod', cluster: '' },
      { service: 'web', environment: 'prod', cluster: 'eu-1' },
    ]);
    expect(world.sandbox.ephemerals()).toMatchObject([
      { user: ana.id, text: expect.stringContaining('INC-1 drill declared, SEV1: writes are stuck') },
    ]);
  });

  test('a mistake lands on its field, nothing is written, and the form can be sent again', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/incident declare');
    const view = await ana.waitForView();
    const before = everything(world.databaseUrl);
    const good = { title: 'writes are stuck', on: 'api/prod', started: '10:22' };
    const wrong: Record<string, Record<string, string>> = {
      title: { ...good, title: '   ' },
      on: { ...good, on: 'api/prod/eu-1/rack-7' },
      started: { ...good, started: '13:55 PM' },
      detected: { ...good, detected: 'sometime last year' },
    };
    for (const [field, values] of Object.entries(wrong)) {
      const answer = await ana.submit(view, { ...values, detected: values.detected ?? '' });
      expect(Object.keys(answer.errors ?? {}), field).toEqual([field]);
      expect(answer.closed, field).toBe(false);
      expect((answer.errors?.[field] ?? '').length, field).toBeGreaterThan(10);
    }
    await world.settled();
    expect(everything(world.databaseUrl)).toEqual(before);
    expect(await ana.submit(view, { ...good, detected: '' })).toMatchObject({ ok: true, closed: true });
    expect(rows(world.databaseUrl, 'SELECT "title" FROM "Incident"')).toEqual([
      { title: 'writes are stuck' },
    ]);
  });

  test('the shortcut opens it from anywhere, and the reply comes by direct message', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.shortcut('declare');
    await ana.submit(await ana.waitForView(), { title: 'writes are stuck' });
    await world.settled();
    const [direct] = world.sandbox.channels().filter((each) => each.isIm);
    expect(direct?.members).toContain(ana.id);
    expect(direct?.messages.map((each) => each.text)).toEqual([
      expect.stringContaining('INC-1 declared, SEV2: writes are stuck'),
    ]);
  });

  test('when Slack does not open it, the sender is told how to say it in words', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    for (const error of ['expired_trigger_id', 'missing_scope', 'unknown_method']) {
      world.sandbox.faults.refuse('views.open', error, { times: 1 });
      const asked = await ana.command('/incident declare');
      expect(asked.reply, error).toMatchObject({
        response_type: 'ephemeral',
        text: expect.stringContaining('/incident declare writes are stuck sev:1'),
      });
    }
    world.sandbox.faults.refuse('views.open', 'expired_trigger_id', { times: 1 });
    await ana.shortcut('declare');
    await expect
      .poll(() => world.sandbox.channels().filter((each) => each.isIm))
      .toMatchObject([{ messages: [{ text: expect.stringContaining('Say it in words') }] }]);
    expect(rows(world.databaseUrl, 'SELECT 1 FROM "Incident"')).toEqual([]);
  });

  test('a slow database closes the form, and the answer comes once', async () => {
    const world = await openWorld();
    const ana = world.sandbox.person('ana');
    await ana.command('/incident declare');
    const view = await ana.waitForView();
    const letGo = holdWriteLock(world.databaseUrl);
    setTimeout(letGo, 2_300);
    const sent = await ana.submit(view, { title: 'writes are stuck' });
    expect(sent).toMatchObject({ ok: true, closed: true });
    expect(sent.latencyMs).toBeLessThan(3_000);
    await expect
      .poll(() => rows(world.databaseUrl, 'SELECT "title" FROM "Incident"'), { timeout: 5_000 })
      .toEqual([{ title: 'writes are stuck' }]);
    await world.settled();
    const replies = world.sandbox.ephemerals('ana').map((each) => each.text.split(',')[0]);
    expect(replies).toEqual(['INC-1 declared']);
  });
});

describe('forms on an incident', () => {
  const forms: Record<string, { values: Record<string, unknown>; reply: string }> = {
    note: {
      values: { text: 'all writes time out', time: '10:30 UTC', kind: 'observation' },
      reply: 'timeline',
    },
    status: { values: { status: 'identified', text: 'a bad merge' }, reply: 'INC-1 is identified now' },
    severity: { values: { sev: 'SEV3', reason: 'only some' }, reply: 'INC-1 is SEV3 now' },
    affects: { values: { component: 'web/prod', level: 'degraded' }, reply: 'web/prod: degraded.' },
    role: { values: { role: 'commander', user: 'U0BOB00002' }, reply: 'is commander of INC-1' },
  };
  const mistakes: Record<string, { values: Record<string, unknown>; field: string }> = {
    note: { values: { text: 'x', time: '25:99' }, field: 'time' },
    status: { values: { status: 'investigating' }, field: 'status' },
    severity: { values: { sev: 'SEV1' }, field: 'sev' },
    affects: { values: { component: 'a/b/c/d', level: 'degraded' }, field: 'component' },
  };

  test.each(Object.entries(forms))('%s does what its line does', async (word, { values, reply }) => {
    const { world, ana, channel } = await declared();
    const before = rows(world.databaseUrl, 'SELECT 1 FROM "Entry"').length;
    await ana.command(`/incident ${word}`, { channel });
    const view = await ana.waitForView();
    const mistake = mistakes[word];
    if (mistake) {
      const answer = await ana.submit(view, mistake.values);
      expect(Object.keys(answer.errors ?? {})).toEqual([mistake.field]);
    }
    expect(await ana.submit(view, { ...values, ...emptyWhere(view, values) })).toMatchObject({
      ok: true,
      closed: true,
    });
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT 1 FROM "Entry"')).toHaveLength(before + 1);
    const shown = world.sandbox.ephemerals('ana').map((each) => each.text);
    expect(shown.filter((text) => text.includes(reply))).toHaveLength(1);
  });

  test('the form of an incident that is named works from another channel', async () => {
    const { world, ana } = await declared();
    await ana.command('/incident status INC-1', { channel: 'general' });
    await ana.submit(await ana.waitForView(), { status: 'monitoring' });
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT "status" FROM "Incident"')).toEqual([{ status: 'monitoring' }]);
  });
});

describe('buttons of the summary', () => {
  test('take command, add a note and set the status, each for one click or one form', async () => {
    const { world, channel } = await declared();
    const bob = world.sandbox.person('bob');
    await bob.join(channel);
    const ts = () => world.sandbox.channel(channel)?.pins[0]?.ts ?? '';
    await bob.click(channel, ts(), 'run:/incident role INC-1 commander me');
    await world.settled();
    expect(world.sandbox.channel(channel)?.topic).toContain('commander: bob');
    expect(world.sandbox.ephemerals('bob').map((each) => each.text)).toEqual([
      expect.stringContaining('bob is commander of INC-1'),
    ]);

    await bob.click(channel, ts(), 'run:/incident note INC-1');
    await bob.submit(await bob.waitForView(), { text: 'looking at it' });
    await bob.click(channel, ts(), 'run:/incident status INC-1');
    await bob.submit(await bob.waitForView(), { status: 'identified' });
    await world.settled();
    expect(rows(world.databaseUrl, 'SELECT "text" FROM "Entry" ORDER BY "seq"').slice(1)).toEqual([
      { text: 'bob is commander' },
      { text: 'looking at it' },
      { text: 'Status investigating → identified' },
    ]);
    // Taken: nobody is asked to take it any more.
    const buttons = JSON.stringify(world.sandbox.messages(channel).find((each) => each.ts === ts())?.blocks);
    expect(buttons).not.toContain('Take command');
  });

  test('a form that Slack does not open is answered to who clicked', async () => {
    const { world, channel, ana } = await declared();
    world.sandbox.faults.refuse('views.open', 'expired_trigger_id');
    const ts = world.sandbox.channel(channel)?.pins[0]?.ts ?? '';
    const before = everything(world.databaseUrl);
    await ana.click(channel, ts, 'run:/incident note INC-1');
    await expect
      .poll(() => world.sandbox.ephemerals('ana').filter((each) => each.via === 'response_url'))
      .toMatchObject([{ text: expect.stringContaining('/incident note') }]);
    expect(everything(world.databaseUrl)).toEqual(before);
  });
});

async function declared(): Promise<{ world: World; ana: Person; channel: string }> {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  const ana = world.sandbox.person('ana');
  await ana.command('/incident declare writes are stuck sev:1 on:api/prod');
  await world.settled();
  return { world, ana, channel: world.sandbox.channel('inc-1-2026-03-10-writes-are-stuck')?.id ?? '' };
}

/** What an earlier, mistaken filling left in the form is taken out again. */
function emptyWhere(view: OpenView, values: Record<string, unknown>): Record<string, string> {
  const optional = view.blocks.filter((each) => each.optional === true).map((each) => String(each.block_id));
  return Object.fromEntries(optional.filter((name) => !(name in values)).map((name) => [name, '']));
}

test('a mention, which opens no form, offers the button that does', async () => {
  const world = await openWorld();
  const ana = world.sandbox.person('ana');
  await ana.say(`<@${world.sandbox.botUserId}> declare`, { channel: 'incidents' });
  await world.settled();
  const answer = world.sandbox.ephemerals(ana.id).at(-1);
  expect(answer?.text).toContain('press the button');
  // Slack shows it in a thread only where there is one already.
  expect(answer?.threadTs ?? null).toBe(null);
  const pressed = await ana.click('incidents', answer?.ts ?? '', 'run:/incident declare');
  expect(pressed.ok).toBe(true);
  expect((await ana.waitForView()).title).toBe('Declare an incident');
});
