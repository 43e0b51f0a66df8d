// Forms: what a command asks in a modal. Its values are read like those of a usage line.
import type { KnownBlock, PlainTextOption, View } from '@slack/types';

export type FormField =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly hint?: string;
      readonly long?: boolean;
      readonly optional?: boolean;
      readonly placeholder?: string;
      readonly maxLength?: number;
    }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { value: string; label: string }[];
      readonly initial?: string;
      readonly optional?: boolean;
      readonly hint?: string;
    }
  | { readonly kind: 'person'; readonly name: string; readonly label: string; readonly optional?: boolean }
  | {
      readonly kind: 'flags';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { value: string; label: string }[];
    };

export interface Form {
  readonly title: string;
  readonly submit: string;
  readonly fields: readonly FormField[];
}

/** What a person put into a form, by the field's name: text, or the names of the flags that are on. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * The modal of a form. `callbackId` names the command, `origin` travels in private_metadata. `initial` fills text
 * inputs. Limits: docs.slack.dev (title and submit 24 characters, a text input's value 3,000).
 */
export function formView(
  form: Form,
  callbackId: string,
  origin: string,
  initial: Readonly<Record<string, string>> = {},
): View {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: origin,
    title: plain(form.title),
    submit: plain(form.submit),
    close: plain('Cancel'),
    blocks: form.fields.map((field) => fieldBlock(field, initial[field.name])),
  };
}

function fieldBlock(field: FormField, initial: string | undefined): KnownBlock {
  const common = {
    type: 'input' as const,
    block_id: field.name,
    label: plain(field.label),
    optional: field.kind === 'flags' ? true : (field.optional ?? false),
    ...('hint' in field && field.hint ? { hint: plain(field.hint) } : {}),
  };
  switch (field.kind) {
    case 'text':
      return {
        ...common,
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: field.long ?? false,
          max_length: field.maxLength ?? 3000,
          ...(field.placeholder ? { placeholder: plain(field.placeholder) } : {}),
          ...(initial ? { initial_value: initial.slice(0, field.maxLength ?? 3000) } : {}),
        },
      };
    case 'choice': {
      const options = field.options.map(option);
      const chosen = options.find((each) => each.value === (initial ?? field.initial));
      return {
        ...common,
        element: {
          type: 'static_select',
          action_id: 'value',
          options,
          ...(chosen ? { initial_option: chosen } : {}),
        },
      };
    }
    case 'person':
      return { ...common, element: { type: 'users_select', action_id: 'value' } };
    case 'flags':
      return {
        ...common,
        element: { type: 'checkboxes', action_id: 'value', options: field.options.map(option) },
      };
  }
}

function option(each: { value: string; label: string }): PlainTextOption {
  return { text: plain(each.label), value: each.value };
}

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: false };
}
