// What a plan is judged by, as it is read: what is near, what is over, whose it is; and what nobody may hear of.
import { beforeEach, describe, expect, test } from 'vitest';
import { conflictsOf, freeSlots } from '../../../src/features/change/conflicts.js';
import { type Surroundings, surroundingsOf } from '../../../src/features/change/surroundings.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { at, now, other, plan } from './around.js';

type Row = NonNullable<Parameters<typeof other>[0]>;

describe.each(engines)('on %s', (engine) => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk(engine);
    desk.now = now;
  });

  /** Puts a change into the ledger, as its facts would. */
  async function ledger(...rows: Row[]): Promise<void> {
    const workspaceId = desk.workspace.id;
    await desk.db.write(async (tx) => {
      for (const each of rows) {
        const { change, components } = other(each);
        const row = { ...change, workspaceId, conflicts: [], violates: [] };
        await tx.change.create({ data: row });
        const { id: changeId, startsAt, endsAt, state } = row;
        const targets = components.map((place, i) => ({
          ...{ id: `${changeId}:${i}`, workspaceId, changeId, startsAt, endsAt, state },
          ...place,
        }));
        await tx.changeTarget.createMany({ data: targets });
      }
    });
  }

  async function catalogue(services: Readonly<Record<string, { runsOn?: string[]; needs?: string[] }>>) {
    const workspaceId = desk.workspace.id;
    await desk.db.write(async (tx) => {
      for (const [name, { runsOn = [], needs = [] }] of Object.entries(services)) {
        const places = runsOn.map((each) => ({
          environment: each.split('/')[0] ?? '',
          cluster: each.split('/')[1] ?? '',
        }));
        const row = { id: name, workspaceId, name, owners: [], checks: [], origin: 'test', runsOn: places };
        await tx.service.create({ data: row });
        for (const dependsOn of needs)
          await tx.dependency.create({
            data: { id: `${name}→${dependsOn}`, workspaceId, service: name, dependsOn },
          });
      }
    });
  }

  function look(it: Parameters<typeof plan>[0] = {}): Promise<Surroundings> {
    return surroundingsOf(desk.db.of(desk.workspace.id).read, plan(it), desk.ask());
  }

  async function near(it: Parameters<typeof plan>[0] = {}): Promise<number[]> {
    return (await look(it)).others.map((each) => each.change.number);
  }

  const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

  test('what is at its services, at those it needs and at those that need it', async () => {
    await catalogue({ api: { needs: ['db'] }, web: { needs: ['api'] }, db: { needs: ['disk'] }, disk: {} });
    await ledger(
      { number: 1, on: ['api/prod'] },
      { number: 2, on: ['db/prod'], state: 'started' },
      { number: 3, on: ['web/prod', 'other/prod'] },
      { number: 4, on: ['disk/prod'] },
      { number: 5, on: ['api/staging'] },
      { number: 6, on: ['api'] },
    );
    expect(await near()).toEqual([1, 2, 3, 6]);
    expect(await near({ on: ['api'] })).toEqual([1, 2, 3, 5, 6]);
    const { others } = await look();
    expect(others[2]?.components.map((each) => each.service)).toEqual(['web', 'other']);
  });

  test('what shares its cluster, when either is an upgrade', async () => {
    await catalogue({
      api: { runsOn: ['prod/eks'] },
      web: { runsOn: ['prod/eks'] },
      nodes: { runsOn: ['prod/eks'] },
      mail: {},
    });
    await ledger(
      { number: 1, on: ['web/prod'], state: 'started' },
      { number: 2, on: ['nodes/prod'], kind: 'upgrade', state: 'started' },
      { number: 3, on: ['cron/prod/eks'], state: 'started' },
      { number: 4, on: ['mail/prod'], kind: 'upgrade', state: 'started' },
      { number: 5, on: ['eks/prod'], kind: 'infrastructure' },
    );
    expect(await near({ on: ['api/prod'] })).toEqual([2, 5]);
    expect(await near({ on: ['control-plane/prod/eks'], kind: 'upgrade' })).toEqual([1, 2, 3, 5]);
    expect(await near({ on: ['eks/prod'], kind: 'upgrade' })).toEqual([1, 2, 3, 5]);
  });

  test('what is over counts while it is watched, and not what nobody speaks of any more', async () => {
    const done = (number: number, hoursAgo: number, more: Row = {}): Row => {
      const ended = hours(-hoursAgo);
      const startsAt = new Date(ended.getTime() - 60_000);
      return {
        number,
        state: 'succeeded',
        startsAt,
        endsAt: ended,
        finishedAt: ended,
        plannedEnd: null,
        ...more,
      };
    };
    await ledger(
      done(1, 0.4),
      done(2, 0.6),
      done(3, 3.9, { kind: 'upgrade' }),
      done(4, 4.1, { kind: 'upgrade' }),
      done(5, 0.1, { state: 'failed' }),
      done(6, 0.1, { unchanged: true }),
      { number: 7, state: 'started', startsAt: hours(-23) },
      { number: 8, state: 'started', startsAt: hours(-25) },
      { number: 9, state: 'started', startsAt: hours(-100), kind: 'migration' },
      { number: 10, state: 'started', startsAt: hours(-8 * 24), kind: 'migration' },
      { number: 11, state: 'planned', startsAt: hours(-25) },
      { number: 12, state: 'cancelled', startsAt: hours(0) },
    );
    expect((await near()).sort((a, b) => a - b)).toEqual([1, 3, 7, 9]);
  });

  test('a change does not meet itself, nor what it takes back', async () => {
    await ledger({ number: 1 }, { number: 2, ownerId: 'U0ANA' });
    expect(await near({ id: 'change-1' })).toEqual([2]);
    const { others, ofOwner } = await look({ rollbackOfId: 'change-2' });
    expect(others.map((each) => each.change.number)).toEqual([1]);
    expect(ofOwner).toEqual([]);
  });

  test('what its owner has elsewhere', async () => {
    await ledger(
      { number: 1, on: ['mail/prod'], ownerId: 'U0ANA', state: 'started' },
      { number: 2, on: ['mail/prod'] },
      { number: 3, on: ['mail/prod'], ownerId: 'U0ANA', state: 'succeeded', endsAt: hours(0) },
    );
    expect((await look()).ofOwner.map((each) => each.number)).toEqual([1]);
    expect((await look({ owner: { id: null, name: 'ci' } })).ofOwner).toEqual([]);
  });

  test('open incidents of weight, what they affect now, and nothing of private ones or drills', async () => {
    desk.now = at('09:00');
    await desk.say('ana', 'declare one sev:1 on:api/prod,db/prod');
    await desk.say('ana', 'affects INC-1 db/prod operational');
    await desk.say('ana', 'role INC-1 commander me');
    await desk.say('ana', 'declare two sev:2 on:web/prod');
    await desk.say('ana', 'declare three sev:3 on:api/prod');
    await desk.say('ana', 'declare four sev:1 on:api/prod private');
    await desk.say('ana', 'role INC-4 commander me');
    await desk.say('ana', 'declare five sev:1 on:api/prod drill');
    await desk.say('ana', 'declare six sev:1 on:api/prod');
    await desk.say('ana', 'resolve INC-6');
    desk.now = now;
    expect((await look()).incidents).toEqual([
      {
        number: 2,
        severity: 'SEV2',
        components: [{ service: 'web', environment: 'prod', cluster: '' }],
        ownerRoles: [],
      },
      {
        number: 1,
        severity: 'SEV1',
        components: [{ service: 'api', environment: 'prod', cluster: '' }],
        ownerRoles: ['commander'],
      },
    ]);
  });

  test('another workspace is not seen', async () => {
    await ledger({ number: 1 });
    await desk.db.write(async (tx) => {
      await tx.change.updateMany({ data: { workspaceId: 'elsewhere' } });
      await tx.changeTarget.updateMany({ data: { workspaceId: 'elsewhere' } });
    });
    expect(await near()).toEqual([]);
  });

  test('where very many are near the earliest count, and no slot is offered beyond what was read', async () => {
    const many = Array.from({ length: 230 }, (_, i) => ({
      number: i + 1,
      startsAt: hours(i),
      id: `many-${i}`,
    }));
    await ledger(...many);
    const surroundings = await look();
    expect(surroundings.others).toHaveLength(200);
    expect(surroundings.knownUntil).toEqual(hours(199));
    // Each begins on the hour, takes half of it and is watched for the other half.
    expect(freeSlots(plan(), surroundings, now, 'UTC')).toEqual([]);
    expect(conflictsOf(plan(), surroundings)[0]?.with).toBe('CHG-1');
  });
});
