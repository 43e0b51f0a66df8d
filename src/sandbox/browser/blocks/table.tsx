// Tables: they scroll sideways in a box of their own.
import type { ReactNode } from 'react';
import type { Json } from '../../page/contract.js';
import { isObject, objects, text } from './json.js';
import { RichText } from './rich-text.js';

type Align = 'left' | 'center' | 'right';

export function Table({ block }: { block: Json }): ReactNode {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  const [head, ...rest] = rows;
  const settings = objects(block.column_settings);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <figure className="bk-scroll" aria-label={text(block.caption) || 'Table'} tabIndex={0}>
      <table className="bk-table">
        {text(block.caption) && <caption>{text(block.caption)}</caption>}
        <thead>
          <Row cells={head} settings={settings} isHead />
        </thead>
        <tbody>
          {rest.map((row, index) => (
            // Rows have no ids and never move.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <Row key={index} cells={row} settings={settings} />
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function Row(props: { cells: unknown; settings: Json[]; isHead?: boolean }): ReactNode {
  return (
    <tr>
      {objects(props.cells).map((cell, index) => {
        const setting = props.settings[index];
        const style = {
          textAlign: alignOf(setting),
          whiteSpace: setting?.is_wrapped ? 'normal' : 'pre',
        } as const;
        const key = `${index}-${text(cell.type)}`;
        return props.isHead ? (
          <th key={key} scope="col" style={style}>
            <Cell cell={cell} />
          </th>
        ) : (
          <td key={key} style={style}>
            <Cell cell={cell} />
          </td>
        );
      })}
    </tr>
  );
}

function alignOf(setting: unknown): Align {
  const align = isObject(setting) ? setting.align : undefined;
  return align === 'center' || align === 'right' ? align : 'left';
}

function Cell({ cell }: { cell: Json }): ReactNode {
  return cell.type === 'rich_text' ? (
    <RichText elements={cell.elements} />
  ) : (
    text(cell.text) || text(cell.value)
  );
}
