// Sections, context lines, rows of buttons and input blocks.
import { type ReactNode, useId } from 'react';
import type { Json } from '../../page/contract.js';
import { useActing } from './acting.js';
import { Element, isGroup } from './elements/index.js';
import { isObject, numbered, text, wordsOf } from './json.js';
import { plainWords, TextBlock, TextLine } from './text.js';

export function Section({ block }: { block: Json }): ReactNode {
  const { accessory } = block;
  const fields = numbered(block.fields);
  return (
    <div className="bk-section">
      <div className="bk-section-words">
        <TextBlock of={block.text} />
        {fields.length > 0 && (
          <div className="bk-fields">
            {fields.map(({ key, item }) => (
              <TextBlock key={key} of={item} />
            ))}
          </div>
        )}
      </div>
      {isObject(accessory) && (
        <div className="bk-accessory">
          <Placed element={accessory} blockId={text(block.block_id)} name={wordsOf(block.text)} />
        </div>
      )}
    </div>
  );
}

export function Actions({ block }: { block: Json }): ReactNode {
  return (
    <div className="bk-actions">
      {numbered(block.elements).map(({ key, item }) => (
        <Placed key={key} element={item} blockId={text(block.block_id)} />
      ))}
    </div>
  );
}

/** An element outside an input block tells the app at once; its placeholder names it, or what stands beside it. */
function Placed(props: { element: Json; blockId: string; name?: string }): ReactNode {
  const { element, blockId } = props;
  const name = plainWords(element.placeholder) || props.name;
  return <Element slot={{ element, blockId, inInput: false, dispatches: true, name }} />;
}

export function Context({ block }: { block: Json }): ReactNode {
  return (
    <div className="bk-context">
      {numbered(block.elements).map(({ key, item: element }) => (
        <span key={key}>
          {element.type === 'mrkdwn' || element.type === 'plain_text' ? (
            <TextLine of={element} />
          ) : (
            <Placed element={element} blockId={text(block.block_id)} />
          )}
        </span>
      ))}
    </div>
  );
}

export function Input({ block }: { block: Json }): ReactNode {
  const { errors } = useActing();
  const id = useId();
  const element = isObject(block.element) ? block.element : {};
  const blockId = text(block.block_id);
  const error = errors?.[blockId];
  const hint = plainWords(block.hint);
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const slot = {
    element,
    blockId,
    inInput: true,
    dispatches: block.dispatch_action === true,
    id,
    describedBy: describedBy || undefined,
    isInvalid: Boolean(error),
  };
  const label = (
    <>
      {plainWords(block.label)}
      {block.optional === true && <span className="bk-optional"> (optional)</span>}
    </>
  );
  return (
    <div className={`bk-input${error ? ' bk-input-wrong' : ''}`}>
      {!isGroup(element) && (
        <label className="bk-label" htmlFor={id}>
          {label}
        </label>
      )}
      <Element slot={slot} legend={isGroup(element) ? label : undefined} />
      {error && (
        <p className="bk-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="bk-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
