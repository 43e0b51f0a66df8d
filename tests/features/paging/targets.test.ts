// Whom the words behind `page` mean: names with spaces, with an @, of a group of Slack, and of two things at once.
import { expect, test } from 'vitest';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';
import { known } from './help.js';

async function teams(): Promise<Desk> {
  const desk = await openDesk('sqlite');
  await known(desk);
  await says(desk, 'ana', '/change service pay owner:@ana team:"Zahlungs Team 💶"');
  await says(desk, 'ana', '/change service db owner:@eve team:Platform');
  return desk;
}

/** What the last page is for, and its reason. */
async function last(desk: Desk) {
  const page = await desk.db.read.page.findFirstOrThrow({ orderBy: { number: 'desc' } });
  return [page.targetKind, page.targetName, page.reason];
}

test('the longest beginning of the words that is a name is whom they mean', async () => {
  const desk = await teams();
  const team = 'Zahlungs Team 💶';
  await says(desk, 'ana', 'page zahlungs  Team 💶 it hangs\non line 2');
  expect(await last(desk)).toEqual(['team', team, 'it hangs\non line 2']);
  for (const [at, written] of [`"${team}"`, `team:${team}`, `team:"${team}"`, `"team:${team}"`].entries()) {
    await says(desk, 'ana', `page ${written} look ${at}`);
    expect(await last(desk)).toEqual(['team', team, `look ${at}`]);
  }
  await says(desk, 'ana', 'page pay/prod it hangs');
  expect(await last(desk)).toEqual(['service', 'pay', 'it hangs']);
  // A shorter name is said in quotes, behind what it is.
  await says(desk, 'ana', '/change service "pay in" owner:@eve');
  expect(await says(desk, 'ana', 'page pay in the shop hangs')).toContain(
    'pay in is taken as a service; the service pay: /incident page service:"pay".',
  );
  expect(await last(desk)).toEqual(['service', 'pay in', 'the shop hangs']);
  await says(desk, 'ana', 'page service:"pay" in the shop');
  expect(await last(desk)).toEqual(['service', 'pay', 'in the shop']);
});

test('where no name with spaces stands there in full, the refusal says how one is written', async () => {
  const desk = await teams();
  const told = await refused(desk, 'ana', 'page Zahlungs it hangs');
  expect(told).toContain('I know no service, team, schedule or person “Zahlungs”');
  expect(told).toContain('A name with spaces is written in quotes: /incident page "Zahlungs Team 💶" REASON');
});

test('with an @ it is a team too, where no person is called so; and what is a person as well is said', async () => {
  const desk = await teams();
  expect(await says(desk, 'ana', 'page @platform it hangs')).toContain(
    '@platform is taken as the team Platform.',
  );
  expect(await last(desk)).toEqual(['team', 'Platform', 'it hangs']);
  await desk.db.write((tx) =>
    tx.person.create({
      data: { workspaceId: desk.workspace.id, id: 'U0ZOE', name: 'Zoe', seenAt: desk.now },
    }),
  );
  await says(desk, 'ana', '/change service shop owner:@eve team:zoe');
  expect(await says(desk, 'ana', 'page zoe look')).toContain(
    'zoe is taken as a team; the person: /incident page @zoe.',
  );
  expect(await last(desk)).toEqual(['team', 'zoe', 'look']);
  await says(desk, 'ana', 'page @zoe look');
  expect(await last(desk)).toEqual(['person', 'Zoe', 'look']);
});

test('a group of Slack is the team of its name, and else its refusal says how it becomes one', async () => {
  const desk = await teams();
  for (const group of ['<!subteam^S0SRE|@sre>', '<!subteam^S0SRE>']) {
    const told = await refused(desk, 'ana', `page ${group} it hangs`);
    expect(told).toContain('is a group of Slack');
    expect(told).toContain('Groups of Slack are not paged; a team is: /incident page Platform REASON');
    expect(told).toContain('/incident escalation team:Platform');
  }
  const row = { id: 'g', workspaceId: desk.workspace.id, groupId: 'S0SRE', handle: 'sre', members: [] };
  await desk.db.write((tx) => tx.userGroup.create({ data: row }));
  expect(await refused(desk, 'ana', 'page @sre it hangs')).toContain('@sre is a group of Slack');
  await says(desk, 'ana', 'escalation team:SRE @bob 5m');
  for (const [at, group] of ['@sre', '<!subteam^S0SRE|@sre>', '<!subteam^S0SRE>'].entries()) {
    expect(await says(desk, 'ana', `page ${group} look ${at}`)).toContain('@sre is taken as the team SRE.');
    expect(await last(desk)).toEqual(['team', 'SRE', `look ${at}`]);
  }
});

test('two at once are refused, because only one would be called; who is mentioned later is of the reason', async () => {
  const desk = await teams();
  for (const both of ['<@U0BOB|Bob>,<@U0EVE|Eve>', '<@U0BOB|Bob> <@U0EVE>', '@bob , @Eve', '@bob and @eve']) {
    const told = await refused(desk, 'ana', `page ${both} writes hang`);
    expect(told, both).toContain('Nobody was called. A page calls one target.');
    expect(told, both).toMatch(/page @Bob writes hang, then \/incident page @eve writes hang/i);
  }
  expect(await refused(desk, 'ana', 'page Platform <@U0EVE|Eve>')).toContain(
    'Both: /incident page Platform REASON, then /incident page @Eve REASON.',
  );
  await says(desk, 'ana', 'page @bob ask <@U0EVE|Eve> and @ana, they know');
  expect(await last(desk)).toEqual(['person', 'Bob', 'ask @Eve and @ana, they know']);
});
