// What the commands of changes ask when they are given no words.
import type { Form } from '../../core/form.js';
import { type ChangeKind, changeKinds } from './words.js';

const kindHelp: Readonly<Record<ChangeKind, string>> = {
  deploy: 'deploy: another version runs',
  config: 'config: settings, DNS, certificates',
  flag: 'flag: turned on or off',
  migration: 'migration: of data or a schema; attended',
  infrastructure: 'infrastructure: clusters, networks; attended',
  upgrade: 'upgrade: of what we run on; attended',
  submission: 'submission: in a third party’s hands, as an app store’s',
  other: 'other',
};

const whenHint = 'As you would write it: 18:00, tomorrow 9:30, 2026-11-21 18:00 UTC.';
const lengthHint = 'Such as 30m or 2h, with the time to see that it works.';

export const announceForm: Form = {
  title: 'Announce a change',
  submit: 'Announce',
  fields: [
    { kind: 'text', name: 'title', label: 'What changes?', placeholder: 'Upgrade the control plane to 1.31' },
    {
      kind: 'choice',
      name: 'kind',
      label: 'What kind of change is it?',
      options: changeKinds.map((value) => ({ value, label: kindHelp[value] })),
      optional: true,
      hint: 'Left open, the words above decide; the answer says how.',
    },
    {
      kind: 'text',
      name: 'on',
      label: 'What does it touch?',
      hint: 'service/environment/cluster, several with commas',
      placeholder: 'api/prod, web/prod',
      optional: true,
    },
    { kind: 'text', name: 'at', label: 'When?', hint: `${whenHint} Empty: now.`, optional: true },
    { kind: 'text', name: 'for', label: 'For how long?', hint: lengthHint, optional: true },
    {
      kind: 'flags',
      name: 'flags',
      label: 'What matters',
      options: [
        { value: 'begun', label: 'It has begun already' },
        { value: 'irreversible', label: 'It cannot be taken back' },
      ],
    },
    { kind: 'person', name: 'cover', label: 'Who covers it? They are asked.', optional: true },
    { kind: 'person', name: 'owner', label: 'Whose is it, if not yours?', optional: true },
    { kind: 'text', name: 'url', label: 'Where is more about it?', placeholder: 'https://…', optional: true },
  ],
};

export const moveForm: Form = {
  title: 'Move a change',
  submit: 'Move',
  fields: [
    { kind: 'text', name: 'id', label: 'Which change?', placeholder: 'CHG-7' },
    { kind: 'text', name: 'time', label: 'To when?', hint: whenHint },
    { kind: 'text', name: 'for', label: 'For how long?', hint: lengthHint, optional: true },
  ],
};
