// What the catalogue's tests share: a desk that imports, and people whom Slack has told of.
import { type Owner, readCatalog, readWhole } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { type Desk, people } from '../../helpers/desk.js';

/** Imports a file's text and returns what is told of it. */
export async function imported(
  desk: Desk,
  text: string,
  file = 'catalog.yaml',
  origin?: string,
): Promise<string> {
  const outcome = await desk.execute(importCatalog.given(readCatalog(text, file, origin)), desk.ask());
  if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
  return outcome.reply.text;
}

/** The catalogue as it is. */
export function whole(desk: Desk) {
  return readWhole(desk.db.of(desk.workspace.id).read, desk.workspace.id);
}

/** What a file is refused for. */
export function refusedFor(text: string, file = 'catalog.yaml'): string {
  try {
    readCatalog(text, file);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('it was read');
}

/** Slack has told of everybody at the desk, and of a bot. */
export async function everybodyKnown(desk: Desk): Promise<void> {
  const { id: workspaceId } = desk.workspace;
  const rows = [...Object.values(people), { id: 'U0BOT', name: 'Deploybot', zone: null }];
  await desk.db.write((tx) =>
    tx.person.createMany({
      data: rows.map((each) => ({ workspaceId, ...each, isBot: each.id === 'U0BOT', seenAt: desk.now })),
    }),
  );
}

export const ana: Owner = { id: people.ana.id, name: people.ana.name };
export const bob: Owner = { id: people.bob.id, name: people.bob.name };
