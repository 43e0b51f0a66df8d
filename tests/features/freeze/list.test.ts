// Asking what is frozen: here or everywhere, now or then, and one freeze with all that is known of it.
import { describe, expect, test } from 'vitest';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function someFreezes(engine: 'sqlite' | 'postgresql'): Promise<Desk> {
  const desk = await openDesk(engine);
  await desk.say('ana', '/freeze on rebuilding eks on:*/prod/eks for:2h');
  await desk.say('bob', '/freeze on careful on:web/prod for:3h soft');
  await desk.say('bob', '/freeze on nights on:api/prod every:"weekday 18:00 to 08:00" zone:Europe/Berlin');
  return desk;
}

describe.each(engines)('on %s', (engine) => {
  test('of a place it is said what covers it, why, and from when on it is free', async () => {
    const desk = await someFreezes(engine);
    const said = await desk.say('bob', '/freeze status on:api/prod/eks,web/prod/gke,api/staging');
    expect(said.text).toContain('api/prod/eks is frozen by FRZ-1 (hard, Ana: rebuilding eks, until');
    expect(said.text).toContain('Free from');
    expect(said.text).toContain('web/prod/gke may change, with a warning, by FRZ-2');
    expect(said.text).toContain('api/staging is not frozen.');
  });

  test('a place that does not say its cluster may be in the frozen one', async () => {
    const desk = await someFreezes(engine);
    expect((await desk.say('bob', '/freeze status on:db/prod')).text).toContain('is frozen by FRZ-1');
    expect((await desk.say('bob', '/freeze status on:db/elsewhere')).text).toContain('counts as production');
  });

  test('another time is asked for with at:', async () => {
    const desk = await someFreezes(engine);
    const said = await desk.say('bob', '/freeze status on:api/prod at:"18:30 UTC"');
    expect(said.text).toContain('is frozen by FRZ-3 (hard, Bob: nights');
    expect(said.text).not.toContain('FRZ-1');
    expect((await desk.say('bob', '/freeze status at:"12 Mar 18:30 UTC"')).text).toContain('FRZ-3');
    expect((await desk.say('bob', '/freeze status on:web/prod/gke at:"14:00 UTC"')).text).toContain(
      'is not frozen',
    );
  });

  test('without a place, what is on and what comes next', async () => {
    const desk = await someFreezes(engine);
    const { text } = await desk.say('bob', '/freeze status');
    expect(text).toMatch(/Frozen now:[\s\S]*FRZ-1[\s\S]*FRZ-2[\s\S]*Next: FRZ-3/);
    expect((await (await openDesk(engine)).say('bob', '/freeze status')).text).toBe('Nothing is frozen now.');
  });

  test('the list has what is on and what will be; all, also what was', async () => {
    const desk = await someFreezes(engine);
    await desk.say('ana', '/freeze lift FRZ-1');
    expect((await desk.say('bob', '/freeze list')).text).not.toContain('FRZ-1');
    const { text } = await desk.say('bob', '/freeze list all');
    expect(text).toMatch(/FRZ-2[\s\S]*FRZ-3[\s\S]*FRZ-1[\s\S]*lifted/);
  });

  test('one is shown with its times in the zone of the asker, and in UTC', async () => {
    const desk = await someFreezes(engine);
    const { text } = await desk.say('ana', '/freeze show frz3');
    expect(text).toContain('FRZ-3 · will be frozen, hard · api/prod');
    expect(text).toContain('10 Mar 2026 18:00 CET (17:00 UTC) to 11 Mar 2026 08:00 CET (07:00 UTC)');
    expect(text).toContain('made by Bob');
    expect((await desk.say('ana', '/freeze show 77')).text).toContain('There is no FRZ-77');
  });

  test('a row that was damaged counts as a hard freeze of everything, and says so', async () => {
    const desk = await someFreezes(engine);
    await desk.db.write((tx) =>
      tx.freeze.updateMany({ where: { number: 2 }, data: { scope: { odd: true } } }),
    );
    expect((await desk.say('ana', '/freeze status on:whatever/dev')).text).toContain(
      'is frozen by FRZ-2 (hard',
    );
    expect((await desk.say('ana', '/freeze show FRZ-2')).text).toContain('Its row is damaged');
    expect((await desk.say('ana', '/freeze lift FRZ-2')).text).toContain('is lifted');
  });

  test('App Home shows what is on, until when, by whom, with the way back for one’s own', async () => {
    const desk = await someFreezes(engine);
    const home = async (name: 'ana' | 'bob') =>
      JSON.stringify(await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(name)));
    expect(await home('ana')).toMatch(/Frozen.*FRZ-1.*Ana: rebuilding eks.*Within a day:.*FRZ-3/);
    expect(await home('ana')).toContain('/freeze lift FRZ-1');
    expect(await home('bob')).not.toContain('/freeze lift FRZ-1');
  });
});
