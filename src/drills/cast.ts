// Who and when a case needs: its people for the local workspace, and where its clock begins.
import type { Case } from './case.js';
import { changeSteps } from './changes.js';

/** Everybody of a case lives in its zone: a bare time means what it meant to those who wrote it. */
export function castOf(drilled: Case) {
  const acting = [...drilled.roles.map((role) => role.user), ...drilled.changes.map((change) => change.by)];
  const names = [...new Set(['scribe', ...acting])];
  return names.map((name, i) => ({
    id: `U0CAST${String(i).padStart(4, '0')}`,
    name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-'),
    realName: name,
    tz: drilled.zone,
  }));
}

/** The beginning of its first day, or before that what was changed earlier. */
export function beginningOf(drilled: Case): Date {
  const day = new Date(`${drilled.date}T00:00:00Z`);
  const first = changeSteps(drilled, true).steps[0]?.at;
  return first && first < day ? first : day;
}
