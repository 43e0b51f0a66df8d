// What a person typed into a view, and how the app hears of it.
import { useCallback, useRef } from 'react';
import type { Act, ActAnswer, Json, PageView } from '../../page/contract.js';
import type { BlockAction, BlockInput } from '../blocks/index.js';
import { isObject, objects, text } from '../blocks/json.js';
import { sentFor, type Values } from '../blocks/values.js';

type Typed = Record<string, Record<string, unknown>>;

export interface Form {
  onInput: (input: BlockInput) => void;
  onAction: (action: BlockAction) => Promise<ActAnswer>;
  onSuggest: (asked: { actionId: string; blockId: string; typed: string }) => Promise<Json[]>;
  /** What was typed into this view, for fields that are drawn again. */
  typed: Values;
  /** What is submitted: by block_id. */
  values: () => Record<string, unknown>;
}

/** The input blocks of a view with their elements. */
export function inputsOf(view: PageView): { blockId: string; element: Json }[] {
  return view.blocks.flatMap((block) =>
    block.type === 'input' && isObject(block.element)
      ? [{ blockId: text(block.block_id), element: block.element }]
      : [],
  );
}

/** The values to submit: of the view's inputs, those that were touched. The others the server knows. */
export function valuesToSubmit(view: PageView, typed: Values): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { blockId, element } of inputsOf(view)) {
    const held = typed[blockId];
    const actionId = text(element.action_id);
    if (held && Object.hasOwn(held, actionId)) values[blockId] = sentFor(element, held[actionId]);
  }
  return values;
}

/** Keeps what was typed, view by view: one that comes back from under another still has it. */
export function useForm(view: PageView, act: (act: Act) => Promise<ActAnswer>): Form {
  const byView = useRef(new Map<string, Typed>());
  const untold = useRef(new Map<string, BlockInput>());
  const typed = byView.current.get(view.id) ?? {};
  byView.current.set(view.id, typed);

  const onInput = useCallback(
    (input: BlockInput): void => {
      typed[input.blockId] = { ...typed[input.blockId], [input.actionId]: input.value };
      if (!input.dispatches) untold.current.set(`${view.id} ${input.blockId} ${input.actionId}`, input);
    },
    [typed, view.id],
  );
  const clickInView = (action: BlockAction): Promise<ActAnswer> =>
    act({ do: 'clickInView', viewId: view.id, ...action });
  const tellTyped = async (): Promise<void> => {
    const inputs = [...untold.current.values()];
    untold.current.clear();
    for (const { actionId, blockId, value } of inputs) {
      const element = elementOf(view, blockId, actionId);
      if (element) await clickInView({ actionId, blockId, value: sentFor(element, value) });
    }
  };
  return {
    typed,
    onInput,
    async onAction(action) {
      // An action carries the state of the whole view, so what was typed meanwhile goes first. It tells the app nothing.
      await tellTyped();
      return await clickInView(action);
    },
    async onSuggest({ actionId, blockId, typed: words }) {
      const answer = await act({ do: 'suggest', viewId: view.id, actionId, blockId, typed: words });
      if (!answer.ok) throw new Error(answer.error ?? 'no answer');
      return answer.options ?? [];
    },
    values: () => valuesToSubmit(view, typed),
  };
}

function elementOf(view: PageView, blockId: string, actionId: string): Json | undefined {
  const block = view.blocks.find((one) => text(one.block_id) === blockId);
  return objects([block?.element]).find((one) => text(one.action_id) === actionId);
}
