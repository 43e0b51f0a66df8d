// What the incident's commands ask when they are given no words.
import type { Form } from '../../core/form.js';
import { levelName, levels, severities, statuses } from './words.js';

const severityHelp: Record<string, string> = {
  SEV1: 'SEV1: nobody can work',
  SEV2: 'SEV2: many are hindered',
  SEV3: 'SEV3: few are hindered, or there is a way around',
  SEV4: 'SEV4: hardly noticed',
};

const severityOptions = severities.map((value) => ({ value, label: severityHelp[value] ?? value }));
const timeHint =
  'As you would write it: 10:42, 20m ago, yesterday 23:58, 10:42 UTC. Leave it empty if unknown.';

export const declareForm: Form = {
  title: 'Declare an incident',
  submit: 'Declare',
  fields: [
    { kind: 'text', name: 'title', label: 'What is wrong?', placeholder: 'Writes are stuck in eu-1' },
    { kind: 'choice', name: 'sev', label: 'How bad is it?', options: severityOptions, initial: 'SEV2' },
    {
      kind: 'text',
      name: 'on',
      label: 'What is affected?',
      hint: 'service/environment/cluster, several with commas',
      placeholder: 'api/prod, web/prod',
      optional: true,
    },
    { kind: 'text', name: 'started', label: 'Since when?', hint: timeHint, optional: true },
    { kind: 'text', name: 'detected', label: 'When was it noticed?', hint: timeHint, optional: true },
    {
      kind: 'flags',
      name: 'flags',
      label: 'Kind',
      options: [
        { value: 'private', label: 'Private: only its members see it' },
        { value: 'drill', label: 'A drill, not the real thing' },
      ],
    },
  ],
};

export const severityForm: Form = {
  title: 'Set the severity',
  submit: 'Set',
  fields: [
    { kind: 'choice', name: 'sev', label: 'How bad is it?', options: severityOptions },
    { kind: 'text', name: 'reason', label: 'Why?', optional: true },
    { kind: 'text', name: 'at', label: 'Since when?', hint: timeHint, optional: true },
  ],
};

export const statusForm: Form = {
  title: 'Set the status',
  submit: 'Set',
  fields: [
    {
      kind: 'choice',
      name: 'status',
      label: 'Where do we stand?',
      options: statuses.map((value) => ({ value, label: value })),
    },
    { kind: 'text', name: 'text', label: 'In a sentence', optional: true, long: true },
    { kind: 'text', name: 'at', label: 'Since when?', hint: timeHint, optional: true },
  ],
};

export const affectsForm: Form = {
  title: 'What is affected?',
  submit: 'Set',
  fields: [
    {
      kind: 'text',
      name: 'component',
      label: 'Component',
      hint: 'service/environment/cluster',
      placeholder: 'api/prod',
    },
    {
      kind: 'choice',
      name: 'level',
      label: 'How?',
      options: levels.map((value) => ({ value, label: levelName(value) })),
    },
    { kind: 'text', name: 'at', label: 'Since when?', hint: timeHint, optional: true },
  ],
};
