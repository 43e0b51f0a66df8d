// A whole incident, from the words of somebody just woken to the draft in the channel: what people see of it.
import { expect, test } from 'vitest';
import type { Person } from '../../src/sandbox/index.js';
import { brokenChains, unfinished } from '../helpers/record.js';
import { openWorld, type World } from '../helpers/world.js';

const channel = 'inc-1-2026-03-10-writes-are-stuck';

test('an incident goes from declare to its draft, and everybody sees where it stands', async () => {
  const world = await openWorld({ at: '2026-03-10T10:45:00Z' });
  const ana = world.sandbox.person('ana');

  await declared(world, ana);
  await worked(world, ana);
  await resolved(world, ana);

  expect(unfinished(world.databaseUrl)).toEqual([]);
  expect(await brokenChains(world.databaseUrl)).toEqual([]);
});

async function declared(world: World, ana: Person): Promise<void> {
  const { sandbox } = world;
  const outcome = await ana.command(
    '/incident declare writes are stuck sev:1 on:api/prod started:10:22 UTC',
    { channel: 'general' },
  );
  expect(outcome.reply?.response_type).toBe('ephemeral');
  expect(outcome.reply?.text).toContain('INC-1 declared, SEV1: writes are stuck');
  expect(outcome.reply?.text).toContain('Understood: started 10 Mar 2026 11:22 CET (10:22 UTC).');
  await world.settled();

  const place = sandbox.channel(channel);
  expect(place?.topic).toBe('SEV1 · investigating · commander: nobody yet · INC-1 writes are stuck');
  expect(place?.members).toContain(ana.id);
  expect(place?.bookmarks.map((each) => each.title)).toEqual(['State of the incident']);
  const summary = pinned(world);
  expect(place?.bookmarks[0]?.link).toBe(summary.permalink);
  expect(lines(summary.text)).toEqual([
    'INC-1 writes are stuck',
    'SEV1 · investigating',
    'Affected: api/prod (major outage)',
    'Commander: nobody yet',
    'Started 2026-03-10 10:22 UTC · declared 2026-03-10 10:45 UTC',
    'For those outside: no update yet. The first is due 2026-03-10 11:15 UTC.',
    'Andon knows of no change there in the last 24 h. Did anybody deploy, upgrade or change something? Say it: /change announce WHAT on:COMPONENT at:20m ago begun',
    'Next',
    '1. Take command: /incident role commander me',
    '2. Note what you see and do: /incident note 10:42 restarting the proxy',
    '3. When you know what it is: /incident status identified …',
  ]);
  // No wall of text at kick-off: one message of ours, the rest is what Slack itself says.
  expect(said(world, channel)).toHaveLength(1);
  expect(lines(announcement(world).text)).toEqual([
    'INC-1 writes are stuck',
    `SEV1 · investigating · #${channel} · declared by ana`,
    'Affected: api/prod (major outage) · Commander: nobody yet',
    'Started 2026-03-10 10:22 UTC · declared 2026-03-10 10:45 UTC',
  ]);
}

async function worked(world: World, ana: Person): Promise<void> {
  const { sandbox } = world;
  const tell = async (text: string) => {
    const outcome = await ana.command(text, { channel });
    await world.settled();
    expect(outcome.reply?.response_type).toBe('ephemeral');
    return outcome.reply?.text ?? '';
  };
  expect(await tell('/incident note 10:30 UTC observation: all writes time out')).toContain(
    '#2 on INC-1’s timeline as observation, at 10 Mar 2026 11:30 CET (10:30 UTC)',
  );
  expect(lines(said(world, channel).at(-1)?.text ?? '')).toEqual([
    '#2 2026-03-10 10:30 UTC · observation · all writes time out — ana',
  ]);
  expect(await tell('/incident role commander me')).toContain('ana is commander of INC-1.');
  expect(sandbox.channel(channel)?.topic).toContain('commander: ana');
  expect(await tell('/incident role comms @bob')).toContain('bob is communications of INC-1.');
  expect(sandbox.channel(channel)?.members).toContain(sandbox.person('bob').id);
  expect(await tell('/incident severity 2 only half of them')).toContain('SEV2 now, was SEV1');
  world.at('2026-03-10T10:50:00Z');
  expect(await tell('/incident status identified a bad merge')).toContain('identified now');
  expect(sandbox.channel(channel)?.topic).toBe('SEV2 · identified · commander: ana · INC-1 writes are stuck');
  expect(await tell('/incident affects api/prod degraded')).toContain('api/prod: degraded.');
  expect(await tell('/incident note hypothesis: the disk is full')).toContain('as hypothesis');
  expect(await tell('/incident strike 8 it is not')).toContain('#8 is marked as ruled out');
  expect(await tell('/incident timeline')).toContain('the disk is full ruled out: it is not — ana');
  expect(await tell('/incident list')).toContain('INC-1 SEV2 · identified · writes are stuck');
  expect(await tell('/incident show')).toContain('SEV2 · identified: a bad merge');

  expect(lines(pinned(world).text).slice(1, 4)).toEqual([
    'SEV2 · identified: a bad merge',
    'Affected: api/prod (degraded)',
    'Commander: @ana',
  ]);
  expect(announcement(world).text).toContain('SEV2 · identified');
  expect(announcement(world).text).toContain('api/prod (degraded) · Commander: @ana');
  // Questions are answered to the asker alone; the channel heard only of what was changed.
  expect(said(world, channel)).toHaveLength(9);
}

async function resolved(world: World, ana: Person): Promise<void> {
  const { sandbox } = world;
  world.at('2026-03-10T11:22:00Z');
  const outcome = await ana.command('/incident resolve writes are back', { channel });
  expect(outcome.reply?.text).toContain('The postmortem draft is being made; the summary says where it is');
  await world.settled();
  expect(sandbox.channel(channel)?.topic).toContain('resolved');
  expect(pinned(world).text).toContain('SEV2 · resolved: writes are back');
  expect(pinned(world).text).toContain('Resolved 1h after it started');
  expect(announcement(world).text).toContain('SEV2 · resolved');

  const [draft] = sandbox.files();
  expect(sandbox.files()).toHaveLength(1);
  expect(draft?.name).toBe('INC-1-postmortem.md');
  expect(draft?.channels).toEqual([sandbox.channel(channel)?.id]);
  const text = draft?.content.toString() ?? '';
  for (const part of [
    '# INC-1: writes are stuck',
    '| started      | 2026-03-10 10:22 |',
    'all writes time out — ana',
    '~~the disk is full~~ ruled out: it is not',
    '- **commander**: ana',
    'Status identified → resolved: writes are back',
  ])
    expect(text).toContain(part);

  await ana.command('/incident export json', { channel });
  await world.settled();
  const record = JSON.parse(sandbox.files()[1]?.content.toString() ?? '{}') as Record<string, unknown>;
  expect(record).toMatchObject({
    number: 1,
    title: 'writes are stuck',
    severity: 'SEV2',
    status: 'resolved',
    startedAt: '2026-03-10T10:22:00.000Z',
    resolvedAt: '2026-03-10T11:22:00.000Z',
    durations: { resolve: 'PT1H', detect: null },
  });
  expect((record.timeline as { seq: number }[]).map((each) => each.seq).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
}

function said(world: World, name: string) {
  return world.sandbox
    .messages(name)
    .filter((each) => each.user === world.sandbox.botUserId && !each.subtype);
}

function pinned(world: World) {
  const pins = world.sandbox.channel(channel)?.pins ?? [];
  expect(pins).toHaveLength(1);
  const found = world.sandbox.messages(channel).find((each) => each.ts === pins[0]?.ts);
  if (!found) throw new Error('the pinned message is gone');
  return found;
}

function announcement(world: World) {
  const messages = said(world, 'incidents');
  expect(messages).toHaveLength(1);
  const [only] = messages;
  if (!only) throw new Error('no announcement');
  return only;
}

/** The text as somebody in UTC sees it, line by line. */
function lines(text: string): string[] {
  return text.replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1').split('\n');
}
