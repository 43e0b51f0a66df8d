// A workspace sees only its own rows, whatever a query forgets.
import { expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { openDatabase } from '../../src/db/open.js';
import { engines, freshDatabase } from '../helpers/databases.js';

for (const engine of engines) {
  test(`one workspace neither sees nor touches another's rows (${engine})`, async () => {
    const database = await freshDatabase(engine);
    await migrate(database.url);
    const db = openDatabase(database.url);
    try {
      const person = (workspaceId: string) => ({
        workspaceId,
        id: 'U1',
        name: workspaceId,
        seenAt: new Date(0),
      });
      for (const id of ['one', 'two']) await db.of(id).write((tx) => tx.person.create({ data: person(id) }));

      expect(await db.of('one').read.person.findMany()).toMatchObject([{ name: 'one' }]);
      expect(await db.of('one').read.person.count()).toBe(1);
      expect(
        await db
          .of('one')
          .read.person.findUnique({ where: { workspaceId_id: { workspaceId: 'two', id: 'U1' } } }),
      ).toBeNull();
      await db.of('one').write((tx) => tx.person.updateMany({ data: { name: 'changed' } }));
      await db.of('one').write((tx) => tx.person.deleteMany({}));
      expect(await db.of('two').read.person.findMany()).toMatchObject([{ name: 'two' }]);
      await expect(db.of('one').write((tx) => tx.person.create({ data: person('two') }))).rejects.toThrow(
        /two in one/,
      );
      // The control: without the scope, the same query reads both.
      await db.of('one').write((tx) => tx.person.create({ data: person('one') }));
      expect(await db.read.person.count()).toBe(2);
    } finally {
      await db.close();
      await database.drop();
    }
  });
}
