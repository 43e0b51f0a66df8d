// Of every kind of effect: what a drill lets out.
import { describe, expect, test } from 'vitest';
import type { Destination, Effect, EffectKind } from '../../../src/core/effect.js';
import { type Message, say } from '../../../src/core/message.js';
import { confined, type DrillGround, reaches } from '../../../src/features/drill/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

const ground: DrillGround = {
  ...{ incidentId: 'i1', channelId: 'C0DRILL', people: new Set(['U0ANA']) },
  names: new Map([['U0BOB', 'Bob']]),
};
const effect = (kind: EffectKind): Effect => ({
  ...{ lane: 'x', step: 0, incidentId: null, first: false, essential: true, collapse: null },
  kind,
});
const spoken = (destination: Destination) =>
  effect({ do: 'say', slot: 's', destination, message: say('the database is being upgraded') });
const shown = (destination: Destination) => effect({ do: 'show', view: 'v', slot: 's', destination });

const outside: readonly Destination[] = [
  { to: 'announcements' },
  { to: 'changes' },
  { to: 'channel', channel: 'C0OTHER' },
  { to: 'channel', channel: '#support', otherwise: { to: 'changes' } },
  { to: 'person', userId: 'U0BOB', otherwise: { to: 'changes' } },
  { to: 'under', slot: 'change/c1', otherwise: { to: 'changes' } },
];

test('what is said to somebody outside is said in its channel, with where it would have gone', () => {
  for (const destination of outside) {
    const allowed = confined(spoken(destination), ground);
    expect(allowed).toMatchObject({ incidentId: 'i1', kind: { destination: { to: 'incident' } } });
    const text = allowed?.kind.do === 'say' ? allowed.kind.message.text : '';
    expect(text).toMatch(/^A drill: outside it this would go to .+\n.*upgraded/s);
  }
});

test('what stays current outside stays current in its channel; an announcement is not made', () => {
  for (const destination of outside.slice(1))
    expect(confined(shown(destination), ground)?.kind).toMatchObject({ destination: { to: 'incident' } });
  expect(confined(shown({ to: 'announcements' }), ground)).toBeNull();
});

test('what stays current says for whom it would be, and people are named, not called', () => {
  const first = (effect: Effect | null) => {
    if (effect?.kind.do === 'show') return effect.kind.preface;
    return effect?.kind.do === 'say' ? effect.kind.message : undefined;
  };
  for (const make of [spoken, shown]) {
    const known = first(confined(make({ to: 'person', userId: 'U0BOB' }), ground));
    expect(known?.text).toMatch(/^A drill: outside it this would go to Bob, who is not in the drill\./);
    const unknown = first(confined(make({ to: 'person', userId: 'U0EVE' }), ground));
    expect(unknown?.text).toMatch(/^A drill: .+ to somebody who is not in the drill\./);
    expect(JSON.stringify([known, unknown])).not.toMatch(/U0BOB|U0EVE/);
  }
  for (const own of [{ to: 'incident' }, { to: 'person', userId: 'U0ANA' }] as const)
    expect(confined(shown(own), ground)?.kind).not.toHaveProperty('preface');
  expect(first(confined(spoken({ to: 'channel', channel: 'C0DRILL' }), ground))?.text).not.toContain(
    'A drill',
  );
});

test('its own people are written to, and what Slack refuses there comes to its own channel', () => {
  const own: Destination = { to: 'person', userId: 'U0ANA', otherwise: { to: 'changes' } };
  for (const make of [spoken, shown])
    expect(confined(make(own), ground)?.kind).toMatchObject({
      destination: { to: 'person', userId: 'U0ANA', otherwise: { to: 'incident' } },
    });
});

test('its own channel is itself, by its id too', () => {
  const own = { ...spoken({ to: 'incident' }), incidentId: 'i1' };
  expect(confined(own, ground)).toEqual(own);
  expect(confined(shown({ to: 'channel', channel: 'C0DRILL' }), ground)?.kind).toMatchObject({
    destination: { to: 'incident' },
  });
});

test('no letter is sent, and nothing outside Slack is rung', () => {
  expect(confined(effect({ do: 'mail', to: 'a@example.com', subject: 's', text: 't' }), ground)).toBeNull();
  for (const path of ['mail', 'webhook'] as const)
    expect(
      confined(effect({ do: 'page', path, what: 'ring', pageId: 'p', attemptId: 'a' }), ground),
    ).toBeNull();
});

test('every kind of effect says whether it reaches anybody', () => {
  const outward = Object.entries(reaches).filter(([, reach]) => reach !== 'inward');
  expect(Object.fromEntries(outward)).toEqual({
    show: 'destination',
    say: 'destination',
    page: 'outward',
    mail: 'outward',
  });
});

describe.each(engines)('on %s', (engine) => {
  test('the owner of a real change is not asked by a drill; its channel reads what would have been asked', async () => {
    const desk = await openDesk(engine);
    await desk.say('bob', '/change announce upgrade the database kind:upgrade on:api/prod at:10:30');
    await desk.say('bob', '/change start CHG-1');
    await desk.turn();
    const before = await asks(desk);
    await desk.say('ana', '/incident declare writes are stuck sev:1 on:api/prod drill');
    await desk.turn();
    const drill = (await asks(desk)).filter((each) => !before.some((old) => old.id === each.id));
    const destinations = drill.map((each) => (each.payload as { destination?: Destination }).destination);
    for (const destination of destinations) {
      expect(['incident', 'person']).toContain(destination?.to);
      if (destination?.to === 'person') expect(destination.userId).toBe('U0ANA');
    }
    const told = drill.flatMap((each) => {
      const { destination, message } = each.payload as unknown as Said;
      return message && destination.to === 'incident' ? [message.text] : [];
    });
    expect(told).toEqual([
      'In a drill nobody is asked. The owners of the suspects: Bob (CHG-1). Whoever knows may answer: /incident suspect CHG-1 related, or unrelated, rollback, cause.',
    ]);
    // The control: the same without `drill` asks Bob.
    await desk.say('ana', '/incident declare writes are stuck again sev:1 on:api/prod');
    await desk.turn();
    const all = (await asks(desk)).map((each) => (each.payload as { destination?: Destination }).destination);
    expect(all).toContainEqual(expect.objectContaining({ to: 'person', userId: 'U0BOB' }));
  });
});

interface Said {
  readonly destination: Destination;
  readonly message?: Message;
}

async function asks(desk: Desk) {
  return desk.db.read.job.findMany({ where: { kind: { in: ['say', 'show'] } } });
}
