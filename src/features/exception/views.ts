// What an exception looks like: one message that stays current, and the line of its use.
import type { View } from '../../core/feature.js';
import {
  type ButtonSpec,
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { settingsOf } from '../catalog/index.js';
import { changeKey } from '../change/index.js';
import { freezeKey, scopeSchema } from '../freeze/index.js';
import { type Component, componentName, incidentKey } from '../incident/index.js';
import { permittedTo } from '../permission/index.js';
import { type NamedFreeze, namedFreezes } from './load.js';
import { approversOf, openlyNamedFirst } from './people.js';
import { type FreezeException, freezesOf, usesOf } from './store.js';
import { exceptionKey, freezesText } from './words.js';

const minuteMs = 60_000;
const placesShown = 6;
const textShown = 300;
const usesShown = 5;

/** The message of an exception: who wants through what, why, who may say so, and what became of it. */
export const exceptionView: View = async (tx, id) => {
  const row = await tx.freezeException.findUnique({ where: { id } });
  if (!row) return null;
  return exceptionMessage(tx, row);
};

/** All that is known of an exception. */
export async function exceptionMessage(tx: Tx, row: FreezeException): Promise<Message> {
  const named = await namedFreezes(tx, row.workspaceId, freezesOf(row));
  const key = exceptionKey(row);
  const role = row.emergency ? await roleText(tx, row) : '';
  return message(
    line(
      { bold: row.emergency ? `${key} The glass is broken` : `${key} A way through is asked for` },
      `: ${row.requestedByName}${role}, through ${freezesText(freezesOf(row))}`,
    ),
    line(`“${shorten(row.reason, textShown)}”`),
    line(
      await forText(tx, row),
      ` · touches ${placesText(row)} · ${row.usesMax === 1 ? 'one use' : `${row.usesMax} uses`} in ${showDuration(row.minutes * minuteMs)}`,
    ),
    list(named.map(freezeSpans)),
    line(...(await stateSpans(tx, row, named))),
    row.answerText !== null && line(`“${shorten(row.answerText, textShown)}”`),
    list(
      usesOf(row)
        .slice(-usesShown)
        .map((use): Span[] => [`used by ${use.title}, `, { at: use.at }]),
    ),
    ...reviewParts(row),
    stepButtons(row),
  );
}

/** `EXC-2 was used by …`, as the row has it. */
export const exceptionUseView: View = async (tx, about) => {
  const [id = '', verdictId = ''] = about.split(' ');
  const row = await tx.freezeException.findUnique({ where: { id } });
  if (!row) return null;
  const uses = usesOf(row);
  const use = uses.findLast((each) => each.verdictId === verdictId);
  if (!use) return null;
  const left = row.usesMax - uses.length;
  return message(
    line(
      { bold: exceptionKey(row) },
      ` was used by ${use.title}, through ${freezesText(freezesOf(row))}. `,
      left > 0 ? `${left} left, until ` : 'It is used up.',
      ...(left > 0 ? [{ at: row.expiresAt }, '.'] : []),
    ),
  );
};

/** Where it stands, in words; whether it is past is the reader’s clock to say. */
export async function stateSpans(
  tx: Tx,
  row: FreezeException,
  named: readonly NamedFreeze[],
): Promise<Span[]> {
  const by = row.answeredByName ?? 'somebody';
  if (row.state === 'denied') return [{ bold: 'Denied' }, ` by ${by}.`];
  if (row.state === 'lapsed')
    return [
      { bold: 'Lapsed' },
      `: nobody answered until `,
      { at: row.expiresAt },
      `. ${row.requestedByName} may ask again.`,
    ];
  if (row.state === 'revoked') return [{ bold: 'Taken back' }, ': it counts no more.'];
  if (row.state === 'approved') {
    const left = row.usesMax - usesOf(row).length;
    if (left <= 0) return [{ bold: row.emergency ? 'Used up.' : `Approved by ${by}, used up.` }];
    const words = row.emergency ? 'Good' : `Approved by ${by}, good`;
    return [{ bold: words }, ' until ', { at: row.expiresAt }, `, ${left} of ${row.usesMax} left.`];
  }
  const { approvers: team } = await settingsOf(tx, row.workspaceId);
  const permitted = await permittedTo(tx, row.workspaceId, 'approve_exception');
  const { anybody } = approversOf(named, team, permitted, row.requestedById);
  const who = anybody
    ? `Nobody who has a say in it is left beside ${row.requestedByName}, so everybody else may approve it`
    : `${openlyNamedFirst(named, team, permitted, row.requestedById)} may approve it`;
  return [{ bold: 'Not answered yet. ' }, `${who}, until `, { at: row.expiresAt }, '.'];
}

/** What it is for. */
export async function forText(tx: Tx, row: FreezeException): Promise<string> {
  const change = row.changeId ? await tx.change.findUnique({ where: { id: row.changeId } }) : null;
  if (change) return `For ${changeKey(change)} ${shorten(change.title, textShown)}`;
  if (row.key !== null) return `For ${row.key}, of ${row.source ?? 'any source'}`;
  return `For whatever names ${exceptionKey(row)}`;
}

/** What it covers. */
export function placesOf(row: Pick<FreezeException, 'scope'>): Component[] {
  const scope = scopeSchema.safeParse(row.scope);
  const include = scope.success ? scope.data.include : [];
  return include.map(({ services, environments, clusters }) => ({
    service: services[0] ?? '*',
    environment: environments[0] ?? '',
    cluster: clusters[0] ?? '',
  }));
}

function placesText(row: FreezeException): string {
  return fewNames(placesOf(row).map(componentName), placesShown);
}

function freezeSpans({ frozen }: NamedFreeze): Span[] {
  return [{ bold: freezeKey(frozen) }, ` ${frozen.owner.name}: ${shorten(frozen.reason, textShown)}`];
}

// Of an incident that everybody may know of; of a private one nothing is said.
async function roleText(tx: Tx, row: FreezeException): Promise<string> {
  const incident = row.incidentId ? await tx.incident.findUnique({ where: { id: row.incidentId } }) : null;
  return incident && !incident.private ? ` of ${incidentKey(incident)}` : '';
}

function reviewParts(row: FreezeException): Part[] {
  if (!row.emergency || !row.reviewDueAt) return [];
  if (row.reviewedAt)
    return [
      line(
        { bold: 'Reviewed' },
        ` by ${row.reviewedByName ?? 'somebody'} `,
        { at: row.reviewedAt },
        `: “${shorten(row.reviewText ?? '', textShown)}”`,
      ),
    ];
  return [
    line('Somebody else reviews it by ', { at: row.reviewDueAt }, ': ', {
      code: `/freeze review ${exceptionKey(row)} TEXT`,
    }),
  ];
}

function stepButtons(row: FreezeException): Part {
  const key = exceptionKey(row);
  const steps: ButtonSpec[] = [];
  if (row.state === 'requested')
    steps.push(
      { label: `Approve ${key}`, command: `/freeze approve ${key}`, style: 'primary' },
      { label: `Deny ${key}`, command: `/freeze deny ${key}` },
    );
  if (row.state === 'approved' && usesOf(row).length < row.usesMax)
    steps.push({ label: `Take ${key} back`, command: `/freeze revoke ${key}` });
  if (row.emergency && !row.reviewedAt)
    steps.push({ label: `Review ${key}`, command: `/freeze review ${key}` });
  return buttons(...steps);
}
