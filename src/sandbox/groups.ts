// Groups of people: what an admin does to them.
import { tell } from './acts.js';
import { theUser } from './people.js';
import type { GroupOfPeople } from './types.js';
import { groupId, seconds, type World } from './world.js';

/** The group of a handle; throws where there is none. */
export function theGroup(world: World, handle: string): GroupOfPeople {
  const all = world.usergroups ?? [];
  const index = all.findIndex((each) => each.handle === handle);
  const group = all[index];
  if (!group) throw new Error(`sandbox: no such group: ${handle}`);
  const id = groupId(all, index);
  return {
    id,
    users: () => [...group.users],
    setUsers(people) {
      const before = group.users;
      group.users = people.map((each) => theUser(world, each).id);
      const added = group.users.filter((each) => !before.includes(each));
      const removed = before.filter((each) => !group.users.includes(each));
      tell(world, 'subteam_members_changed', {
        subteam_id: id,
        team_id: world.team.id,
        date_previous_update: seconds(world),
        date_update: seconds(world),
        added_users: added,
        added_users_count: added.length,
        removed_users: removed,
        removed_users_count: removed.length,
      });
    },
  };
}
