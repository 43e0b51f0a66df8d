// What may be given to groups of people in Slack, and how it is said.
import { z } from 'zod';

/** What may be given to groups instead of to everybody. */
export const permittedActions = ['lift_freeze', 'approve_exception', 'see_private'] as const;
export type PermittedAction = (typeof permittedActions)[number];

/** The stream of all of it: one for a workspace. */
export const permissionsStream = 'permissions';

/** A group of people, as Slack names it: its id stays, its handle may change. */
export const groupSchema = z.object({ id: z.string(), handle: z.string() });
export type Group = z.infer<typeof groupSchema>;

/** What one may do who may, in the middle of a sentence. */
export const deeds: Record<PermittedAction, string> = {
  lift_freeze: 'lift a hard freeze',
  approve_exception: 'approve an exception',
  see_private: 'see private incidents',
};

/** Who may besides, whatever is given to groups. */
export const always: Record<PermittedAction, string> = {
  lift_freeze: 'Its owner, and who leads its incident, may always.',
  approve_exception: 'The owner of the freeze, who leads its incident, and the team’s approvers may as well.',
  see_private: 'They do not become members: nothing is sent to them.',
};

/** Who may where it is given to no group. */
export const otherwise: Record<PermittedAction, string> = {
  lift_freeze: 'anybody',
  approve_exception:
    'the owner of the freeze, who leads its incident, and the team’s approvers; where none is left, anybody else',
  see_private: 'nobody but their members',
};

const actionWord = z
  .string({ error: `Say what: ${permittedActions.join(', ')}.` })
  .transform((word) =>
    word
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  .pipe(
    z.enum(permittedActions, {
      error: `What may be given to groups is ${permittedActions.slice(0, -1).join(', ')} or ${permittedActions.at(-1)}.`,
    }),
  );

const groupsMax = 10;
const howToName =
  'Say to which groups: type @ and pick them from the list that Slack offers, or “anybody” to give it back.';
const none = /^(?:anybody|anyone|everybody|nobody|none)$/i;
const mention = /^<!subteam\^([A-Z0-9]+)(?:\|@?([^>]*))?>$/;
// On the command line nobody picks from a list.
const bareId = /^S[A-Z0-9]{6,}$/;

/** `<!subteam^S123|@sre>`, several with spaces or commas; or “anybody”, which is no group. */
const groupsWord = z.string({ error: howToName }).transform((words, context): Group[] => {
  const text = words.trim();
  if (none.test(text)) return [];
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const groups = parts.flatMap((part) => {
    const [, id, handle] = mention.exec(part) ?? (bareId.test(part) ? [part, part, undefined] : []);
    return id ? [{ id, handle: handle || id }] : [];
  });
  const distinct = [...new Map(groups.map((each) => [each.id, each])).values()];
  if (groups.length < parts.length || distinct.length === 0 || distinct.length > groupsMax) {
    const strange = parts.find((part) => !mention.test(part) && !bareId.test(part));
    const what = strange === undefined ? `At most ${groupsMax} groups.` : strangeText(strange);
    context.issues.push({ code: 'custom', input: words, message: what });
  }
  return distinct;
});

function strangeText(word: string): string {
  const person = /^<@[A-Z0-9]+(?:\|([^>]*))?>$/.exec(word);
  if (!person) return `I know no group “${word.slice(0, 40)}”. ${howToName}`;
  return `${person[1] ? `@${person[1]} is one person` : 'That is one person'}, and it is given to groups. ${howToName}`;
}

export const permitInput = z.object({ action: actionWord, groups: groupsWord });
export type PermitInput = z.infer<typeof permitInput>;

/** `@sre or @leads`. */
export function handlesText(groups: readonly { readonly handle: string }[], word = 'or'): string {
  const names = groups.map(({ handle }) => `@${handle}`);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
