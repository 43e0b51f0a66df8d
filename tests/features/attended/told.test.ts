// What owners and cover read of an upgrade: each once, true at that time, and nothing that they cannot do.
import { describe, expect, test } from 'vitest';
import { saidIn, sayChange, toldTo } from '../../helpers/changes.js';
import { openWorld } from '../../helpers/world.js';

const upgrade = 'announce upgrade the database kind:upgrade on:db/prod';

describe('what a change collides with', () => {
  test('that nobody covers it is said no longer once somebody was asked, and not at all once they said yes', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', `${upgrade} at:"14:00 UTC"`);
    expect(saidIn(world)[0]).toContain('Nobody covers it');
    await sayChange(world, 'ana', 'cover CHG-1 @chen');
    expect(saidIn(world)[0]).not.toContain('Nobody covers it');
    expect(saidIn(world)[0]).toContain('was asked to cover it; no answer yet');
    await sayChange(world, 'chen', 'cover CHG-1');
    expect(saidIn(world)[0]).not.toContain('hold');
    expect(await sayChange(world, 'bob', 'show CHG-1')).not.toContain('Nobody covers it');
  });

  test('cover is no matter any more of what is over', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', `${upgrade} at:"14:00 UTC"`);
    await sayChange(world, 'ana', 'cancel CHG-1');
    expect(saidIn(world)[0]).not.toContain('cover: nobody yet');
  });
});

describe('who said that they will be there', () => {
  test('is told that the change was cancelled, so that nobody stays awake for it', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', `${upgrade} at:"23:00 UTC" cover:@chen`);
    await sayChange(world, 'chen', 'cover CHG-1');
    await sayChange(world, 'ana', 'cancel CHG-1 the vendor is late');
    const last = toldTo(world, 'chen').at(-1);
    expect(last).toContain('cancelled, was planned: the vendor is late');
    expect(last).toContain('you were to cover it, and need not be there');
  });
});

describe('the owner', () => {
  test('is not sent to themselves, and nobody is told to move what has begun', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 on:api/prod owner:@bob at:"14:00 UTC"');
    expect(toldTo(world, 'bob')[0]).toContain('/change move CHG-1 WHEN');
    expect(toldTo(world, 'bob')[0]).not.toContain('talk to');
    await sayChange(world, 'ana', 'start CHG-1');
    await sayChange(world, 'ana', 'fail CHG-1');
    const last = toldTo(world, 'bob').at(-1);
    expect(last).toContain('/change show CHG-1');
    expect(last).not.toContain('/change move');
  });
});

describe('words', () => {
  test('what stays as it is stays', async () => {
    const world = await openWorld();
    await sayChange(world, 'ana', 'announce deploy api 41 kind:deploy on:api/prod begun');
    await sayChange(world, 'ana', 'done CHG-1');
    expect(await sayChange(world, 'ana', 'validate CHG-1 good')).toContain('It stays succeeded.');
  });
});
