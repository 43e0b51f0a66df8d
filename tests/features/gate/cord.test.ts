// The gate and the cord of an incident: what it held is on the incident's timeline, and nothing else of it gets out.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { ask } from './help.js';

async function timeline(desk: Desk): Promise<string[]> {
  const rows = await desk.db.read.entry.findMany({ where: { kind: 'freeze' }, orderBy: { seq: 'asc' } });
  return rows.map((each) => each.text);
}

describe.each(engines)('on %s', (engine) => {
  test('what the cord holds is an entry, once each; the thaw and who went are entries too', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare the cluster was deleted sev:1 on:api/prod');
    await says(desk, 'ana', 'freeze INC-1 the cluster is rebuilt on:api/prod now');
    for (const time of ['10:46', '10:47', '10:48']) {
      desk.at(time);
      await ask(desk);
    }
    await ask(desk, { key: 'run-2', title: 'Deploy api 4.13' });
    desk.at('11:00');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await desk.turn();
    await ask(desk);
    const told = await timeline(desk);
    expect(told.filter((text) => text.includes('is denied by FRZ-1'))).toEqual([
      'Deploy api 4.12.0 (ci) is denied by FRZ-1',
      'Deploy api 4.13 (ci) is denied by FRZ-1',
    ]);
    expect(told).toContain('The thaw of FRZ-1: 2 held, in this order: Deploy api 4.12.0; Deploy api 4.13');
    expect(told.filter((text) => text.includes('may start'))).toEqual([
      // The incident is open still, which warns.
      'Deploy api 4.12.0 (ci) may start, with a warning',
    ]);
  });

  test('where another freeze outlives the cord, the thaw is an entry of its incident too', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare the cluster was deleted sev:1 on:api/prod');
    await says(desk, 'ana', 'freeze INC-1 the cluster is rebuilt on:api/prod now');
    await says(desk, 'bob', '/freeze on the audit for:3h');
    await ask(desk);
    desk.at('11:00');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await ask(desk);
    desk.at('13:45');
    await desk.turn();
    expect(await timeline(desk)).toContain(
      'The thaw of FRZ-1, FRZ-2: 1 held, in this order: Deploy api 4.12.0',
    );
  });

  test('a drill’s cord holds only what says that it is part of one', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare the cluster was deleted sev:1 on:api/prod drill');
    await says(desk, 'ana', 'freeze INC-1 the cluster is rebuilt on:api/prod now');
    const real = await ask(desk, { key: 'real' });
    expect([real.decision, real.reasons]).toEqual(['allow', []]);
    const drilled = await ask(desk, { key: 'drill', drill: true });
    expect(drilled).toMatchObject({ decision: 'deny', targets: [{ because: ['FRZ-1'] }] });
    // What waits in the drill keeps nobody waiting who is not part of it.
    desk.at('11:00');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    expect((await ask(desk, { key: 'real-2' })).decision).toBe('allow');
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
    const inChanges = jobs.filter((job) => JSON.stringify(job.payload).includes('"to":"changes"'));
    expect(
      inChanges.map((job) => JSON.stringify(job.payload)).filter((text) => text.includes('thaws')),
    ).toEqual([]);
  });

  test('a private incident is not revealed by what the gate says', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare the keys of acme leaked sev:1 on:api/prod private');
    await says(desk, 'ana', 'freeze INC-1 maintenance of the vault on:api/prod now');
    const answer = await ask(desk);
    expect(answer.decision).toBe('deny');
    expect(JSON.stringify(answer)).not.toMatch(/INC-|acme|leaked/);
    expect(await says(desk, 'bob', '/freeze held')).not.toMatch(/INC-|acme|leaked/);
  });
});
