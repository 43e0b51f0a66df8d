// The rules of roles: giving one, defining one, and taking a definition back. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { line, message, say } from '../../core/message.js';
import { about, done, type Incident, incidentKey, memberAdded } from '../incident/index.js';
import { inSlack, roleAssigned, roleDefined, rolesStream, roleUndefined } from './facts.js';
import type { RoleDefinition, RoleHolding } from './store.js';
import { dutyOf, findRole, isUsual, roleNames, rolesText } from './words.js';

export interface RoleInput {
  readonly incident?: number | undefined;
  readonly at?:
    | {
        at: Date | null;
        until: Date | null;
        precision: 'exact' | 'approximate' | 'range' | 'unknown';
        asWritten: string;
      }
    | undefined;
  readonly remarks: string[];
  readonly role: string;
  readonly user: { id: string; name: string };
}

export interface RoleState {
  readonly incident: Incident;
  /** All roles that there are. */
  readonly names: readonly string[];
  /** Who held the role at the time that is meant. */
  readonly holder: RoleHolding | null;
  /** Who holds it later, where that is known. */
  readonly next: RoleHolding | null;
  readonly member: boolean;
}

/** `/incident role ROLE @user`. */
export function decideRole(state: RoleState, input: RoleInput, ask: Ask): Decision {
  const { incident, names, holder, next, member } = state;
  const found = findRole(input.role, names);
  if ('like' in found) return refuse(whichRole(input.role, found.like, names), 'role');
  const { role } = found;
  if (holder?.userId === input.user.id)
    return refuse(
      say(`${holder.userName} is ${role} of ${incidentKey(incident)} already. Nothing was changed.`),
      'user',
    );
  const instead = holder ? { id: holder.userId, name: holder.userName } : null;
  const was = instead ? `, was ${instead.name}` : '';
  const until = next ? ` until ${next.userName} took over` : '';
  const where = about(incident, input.at);
  const facts = [roleAssigned({ role, person: input.user, instead }, where)];
  if (incident.private && !member) facts.push(memberAdded({ person: input.user }, where));
  return accept(
    facts,
    done(
      `${input.user.name} ${next ? 'was' : 'is'} ${role} of ${incidentKey(incident)}${until}${was}.`,
      input,
      ask,
    ),
  );
}

/** Where a word means no role, or several: which ones there are. */
export function whichRole(word: string, like: readonly string[], names: readonly string[]) {
  const said = `“${word.trim().slice(0, 40)}”`;
  if (/^<?@/.test(word.trim()))
    return say(
      `${said} is no role but somebody: say the role first, then who, such as commander @bob. A role is ${rolesText(names)}. Nothing was done.`,
    );
  return like.length > 1
    ? say(`${said} may be ${rolesText(like)}. Write a little more of it. Nothing was done.`)
    : say(
        `There is no role ${said}. A role is ${rolesText(names)}; `,
        { code: '/incident define ROLE' },
        ' makes another. Nothing was done.',
      );
}

export interface DefineInput {
  readonly role: string;
  readonly instructions?: string | undefined;
}

const rolesMax = 50;

/** `/incident define`: a role of the workspace's own, or its words for any. */
export function decideDefine(
  defined: readonly RoleDefinition[],
  { role: name, instructions }: DefineInput,
): Decision {
  const before = defined.find((each) => each.name === name);
  if (instructions === undefined && (before || isUsual(name)))
    return refuse(
      say(
        `There is a role ${name} already${before ? '' : ` (${dutyOf(name, '')})`}. To tell its holders more: `,
        { code: `/incident define ${name} what they do first` },
        '. Nothing was changed.',
      ),
      'instructions',
    );
  if (before && before.instructions === instructions && before.origin === inSlack)
    return refuse(say(`That is what the holder of ${name} is told already. Nothing was changed.`));
  if (!before && defined.length >= rolesMax)
    return refuse(
      say(
        `There are ${rolesMax} roles of your own. `,
        { code: '/incident undefine ROLE' },
        ' takes one away. Nothing was changed.',
      ),
    );
  const fact = roleDefined({ name, instructions: instructions ?? '', origin: inSlack }, about_);
  return accept(
    [fact],
    message(
      line(
        { bold: name },
        before || isUsual(name) ? ' has these instructions now.' : ' is a role now.',
        ' Whoever takes it gets them by direct message. ',
        { code: `/incident role ${name} @user` },
        ' gives it, on an incident.',
      ),
      before !== undefined &&
        before.origin !== inSlack &&
        line(`${before.origin} says it too: when that is imported again, its words count again.`),
    ),
  );
}

export interface UndefineState {
  readonly defined: readonly RoleDefinition[];
  /** Who holds it in an open incident; null where the asker may not know of that. */
  readonly holders: readonly ({ readonly key: string; readonly name: string } | null)[];
}

/** `/incident undefine`: gone, unless somebody holds it. A usual role stays, with its usual duty. */
export function decideUndefine(
  { defined, holders }: UndefineState,
  input: { readonly role: string },
): Decision {
  const own = defined.map(({ name }) => name);
  const found = findRole(input.role, own);
  if ('like' in found) {
    const usual = findRole(input.role, roleNames(defined));
    if ('role' in usual && isUsual(usual.role))
      return refuse(
        say(`${usual.role} is a usual role with no words of your own; it stays. Nothing was changed.`),
        'role',
      );
    return refuse(
      own.length === 0
        ? say(
            'There are only the usual roles. ',
            { code: '/incident define ROLE' },
            ' makes one of your own.',
          )
        : say(
            `You defined ${rolesText(own).replace(/ or ([^,]*)$/, ' and $1')}. Say which of them. Nothing was changed.`,
          ),
      'role',
    );
  }
  const name = found.role;
  if (!isUsual(name) && holders.length > 0) return refuse(heldBy(name, holders), 'role');
  return accept(
    [roleUndefined({ name }, about_)],
    say(
      isUsual(name)
        ? `${name} has its usual duty alone again: ${dutyOf(name, '')}.`
        : `There is no role ${name} any more. Incidents that had it keep it on record.`,
    ),
  );
}

function heldBy(name: string, holders: UndefineState['holders']) {
  const known = holders.flatMap((each) => (each ? [`${each.name} in ${each.key}`] : []));
  const who = known.length > 0 ? known.slice(0, 3).join(', ') : 'Somebody';
  return say(
    `${who} ${known.length > 1 ? 'hold' : 'holds'} ${name} while the incident is open. Try again when it is over. Nothing was changed.`,
  );
}

const about_ = { stream: rolesStream };
