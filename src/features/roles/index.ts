// Roles: who does what on an incident, and which roles there are.
import { on } from '../../core/fact.js';
import type { Feature } from '../../core/feature.js';
import { briefView } from './brief.js';
import { define, role, undefine } from './commands.js';
import { roleAssigned, roleDefined, roleUndefined } from './facts.js';
import { rolesQuery } from './list.js';
import { reactions } from './react.js';
import { projections, reset } from './store.js';
import { briefName, lostName, lostView, takenBackName, takenBackView } from './told.js';

export { roleField } from './commands.js';
export { whichRole } from './decide.js';
export { inSlack, roleAssigned, roleDefined, rolesStream, roleUndefined } from './facts.js';
export {
  around,
  currentRoles,
  definedRoles,
  heldRows,
  partOf,
  type RoleDefinition,
  type RoleHolding,
} from './store.js';
export {
  dutyOf,
  findRole,
  instructionsWord,
  isUsual,
  roleNames,
  roleNameWord,
  rolesText,
  roleWord,
  usualRoles,
} from './words.js';

export const rolesFeature: Feature = {
  name: 'roles',
  topic: 'people',
  facts: [roleAssigned, roleDefined, roleUndefined],
  undo: [
    on(roleAssigned, ({ data }) => ({
      what: `${data.person.name} is ${data.role}`,
      sets: [`role/${data.role}`],
      instead: `/incident role ${data.role} @user`,
    })),
  ],
  reset,
  commands: [role, define, undefine],
  queries: [rolesQuery],
  project: projections,
  react: reactions,
  views: { [briefName]: briefView, [lostName]: lostView, [takenBackName]: takenBackView },
  tables: ['roleHolding'],
  sharedTables: ['roleDefinition'],
};
