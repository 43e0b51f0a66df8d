// What people answer to exceptions: approve, deny, take back, review; and who may approve them.
import { z } from 'zod';
import type { Ask } from '../../core/command.js';
import {
  accept,
  type CommandSpec,
  defineCommand,
  internalVerb,
  type Located,
  refuse,
} from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { line, message, say } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { catalogStream, settingsOf, settingsSet, type TeamSettings } from '../catalog/index.js';
import { freezesStream } from '../freeze/index.js';
import { personSchema } from '../incident/index.js';
import { handlesText, type Permitted, permittedTo } from '../permission/index.js';
import {
  type AnswerInput,
  decideApprove,
  decideDeny,
  decideLook,
  decideRedraw,
  decideReview,
  decideRevoke,
  type RedactedOf,
} from './answer.js';
import { type AnswerState, isUnseen, loadAnswer } from './load.js';
import { namesText } from './people.js';
import { type Redacted, redactedOf } from './store.js';
import { exceptionKey, exceptionWord, readExceptionKey } from './words.js';

const approversMax = 30;
const textLimit = 500;

function answer<V extends AnswerInput>(
  verb: { words: string[]; usage: string; summary: string; example: string },
  input: z.ZodType<V>,
  decide: CommandSpec<V, string, AnswerState>['decide'],
  form?: Form,
) {
  return defineCommand<V, string, AnswerState>({
    verb: {
      ...verb,
      ...{ surface: 'freeze', onIncident: false, inDrill: 'own' },
      ...(form ? { toForm: keyAlone } : {}),
    },
    input,
    ...(form ? { form } : {}),
    locate: locateException,
    load: (tx, _input, id) => loadAnswer(tx, id),
    decide,
  });
}

const words = textOf({ missing: '', limit: textLimit }).optional();
const answerInput = z
  .object({ id: exceptionWord, text: words, reason: words })
  .transform(({ id, text, reason }): AnswerInput => ({ id, text: text ?? reason }));

export const approve = answer(
  {
    words: ['approve'],
    usage: 'ID [TEXT]',
    summary: 'Approves an exception that somebody else asked for.',
    example: '/freeze approve EXC-2',
  },
  answerInput,
  decideApprove,
);

export const deny = answer(
  {
    words: ['deny'],
    usage: 'ID [REASON]',
    summary: 'Denies an exception; whoever asked is told.',
    example: '/freeze deny EXC-2 it can wait until 16:00',
  },
  answerInput,
  decideDeny,
);

export const revoke = answer(
  {
    words: ['revoke'],
    usage: 'ID [REASON]',
    summary: 'Takes an exception back: its requester, whoever approved it, or the owner of the freeze.',
    example: '/freeze revoke EXC-2 not needed any more',
  },
  answerInput,
  decideRevoke,
);

export const review = answer<AnswerInput & { text: string }>(
  {
    words: ['review'],
    usage: 'ID [TEXT]',
    summary: 'Says what you found when you looked at a broken glass; not your own.',
    example: '/freeze review EXC-2 the fix was needed, and was tested beforehand',
  },
  z.object({
    id: exceptionWord,
    text: textOf({ missing: 'Say in a few words what you found.', limit: textLimit }),
  }),
  decideReview,
  {
    title: 'Review',
    submit: 'Reviewed',
    fields: [
      { kind: 'text', name: 'id', label: 'Which exception?', placeholder: 'EXC-2' },
      {
        kind: 'text',
        name: 'text',
        label: 'What did you find?',
        hint: 'Was it needed? What should be different next time?',
        long: true,
        maxLength: textLimit,
      },
    ],
  },
);

const approversInput = z.object({
  people: z
    .array(personSchema)
    .max(approversMax, { error: `At most ${approversMax} people.` })
    .optional(),
});

type ApproversState = { readonly was: TeamSettings; readonly permitted: Permitted };

export const approvers = defineCommand<z.infer<typeof approversInput>, null, ApproversState>({
  verb: {
    surface: 'freeze',
    words: ['approvers'],
    usage: '[people:@user,…]',
    summary:
      'Who may approve exceptions, besides the owner of a freeze and who leads its incident. Without words they are shown; people:none takes them away.',
    example: '/freeze approvers people:@ana,@bob',
    onIncident: false,
    inDrill: 'refused',
  },
  input: approversInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: async (tx, _input, _target, ask) => ({
    was: await settingsOf(tx, ask.workspace.id),
    permitted: await permittedTo(tx, ask.workspace.id, 'approve_exception'),
  }),
  decide({ was, permitted }, { people }, ask) {
    const now = people ?? was.approvers;
    const besides =
      'The owner of a freeze, and the commander and operations of its incident, may too; nobody approves their own.';
    const reply = message(
      line(
        now.length > 0
          ? `Exceptions are approved by ${namesText(
              now.map(({ id, name }) => ({ id: id ?? name, name })),
              approversMax,
            )}.`
          : 'The team named nobody who approves exceptions.',
      ),
      line(besides),
      !permitted.anybody && line(`So may whoever is in ${groupsText(permitted)}.`),
      !people && line('To name others: ', { code: '/freeze approvers people:@ana,@bob' }, '.'),
    );
    const ids = (some: readonly { readonly id: string | null }[]) => some.map(({ id }) => id).join();
    if (!people || ids(people) === ids(was.approvers)) return accept([], reply);
    // Else whoever may not approve would name themselves.
    if (!permitted.anybody && !permitted.people.has(ask.actor.id))
      return refuse(
        say(
          `Whoever is in ${groupsText(permitted)} names the approvers, since approving is given to them. Ask one of them. Nothing was changed.`,
        ),
      );
    const approvers = people.map(({ id, name }) => ({ id, name }));
    return accept([settingsSet({ approvers }, { stream: catalogStream })], reply);
  },
});

function groupsText({ handles }: Permitted & { readonly anybody: false }): string {
  return handlesText(handles.map((handle) => ({ handle })));
}

const lookInput = z.object({ id: z.string() });

/** Whether the review of a broken glass is still to be asked for. */
const look = defineCommand<z.infer<typeof lookInput>, string, AnswerState>({
  verb: internalVerb('exception look'),
  input: lookInput,
  async locate(tx, { id }, ask) {
    const row = await tx.freezeException.findFirst({ where: { id, workspaceId: ask.workspace.id } });
    if (row) return { streams: [freezesStream], target: id };
    return { refused: { unknown: true, message: say('There is no such exception.') } };
  },
  load: (tx, _input, id) => loadAnswer(tx, id),
  decide: (state, _input, ask) => decideLook(state, ask),
});

/** A look of the program’s own. */
export const lookOf = (data: unknown) => look.given(lookInput.parse(data));

const redrawInput = z.object({ factIds: z.array(z.string()) });

/** What was redacted of exceptions is drawn anew where it was shown. */
const redraw = defineCommand<z.infer<typeof redrawInput>, readonly Redacted[], readonly RedactedOf[]>({
  verb: internalVerb('exception redraw'),
  input: redrawInput,
  async locate(tx, { factIds }) {
    return { streams: [freezesStream], target: await redactedOf(tx, factIds) };
  },
  async load(tx, _input, redacted) {
    const states: RedactedOf[] = [];
    for (const id of new Set(redacted.map(({ data }) => data.id))) {
      const uses = redacted.flatMap(({ id: factId, data: { id: of, verdictId } }) =>
        of === id && verdictId !== undefined ? [{ factId, verdictId }] : [],
      );
      states.push({ ...(await loadAnswer(tx, id)), uses });
    }
    return states;
  },
  decide: decideRedraw,
});

/** A look of the program’s own at what was redacted. */
export const redrawOf = (data: unknown) => redraw.given(redrawInput.parse(data));

async function locateException(tx: Tx, input: { readonly id: number }, ask: Ask): Promise<Located<string>> {
  const found = await findException(tx, input.id, ask);
  if (found) return { streams: [freezesStream], target: found.id };
  const unknown = say(
    `There is no ${exceptionKey({ number: input.id })}. `,
    { code: '/freeze exceptions' },
    ' shows those that wait and those that are good. Nothing was done.',
  );
  return { refused: { unknown: true, message: unknown } };
}

/** The exception of a number, if the asker may know of it. */
export async function findException(tx: Tx, number: number, ask: Ask) {
  const workspaceId = ask.workspace.id;
  const row = await tx.freezeException.findUnique({
    where: { workspaceId_number: { workspaceId, number } },
  });
  return row && (await isUnseen(tx, row, ask)) ? null : row;
}

function keyAlone(text: string): Readonly<Record<string, string>> | null {
  const number = readExceptionKey(text);
  return number === null ? null : { id: exceptionKey({ number }) };
}
