// `/incident checklists`: those that are under way here, and those that the catalogue has.
import type { Query } from '../../core/command.js';
import { line, list, message, type Part, type Span, shorten } from '../../core/message.js';
import { quoted } from '../../core/text.js';
import { findIncident, incidentKey } from '../incident/index.js';
import { definedChecklists, runsOf } from './store.js';
import { holdersOf } from './views.js';
import { nextStep, ownerText, progress } from './words.js';

const shownMax = 8;
const textMax = 100;

export const checklistsQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['checklists'],
    usage: '',
    summary: 'The checklists of the incident and where they stand, and those that can be begun.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const parts: Part[] = [];
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found && values.incident !== undefined) return found.refused.message;
    if (!('refused' in found)) {
      const runs = await runsOf(tx, found.target.id);
      const holders = await holdersOf(tx, found.target.id);
      const items = runs.slice(-shownMax).map((run): Span[] => {
        const next = nextStep(run.steps);
        const step = next === null ? undefined : run.steps[next - 1];
        const owner = step ? ownerText(step.owner, holders) : '';
        const then = step
          ? `. Next: ${next} ${shorten(step.text, textMax)}${owner ? ` (${owner})` : ''}`
          : '';
        return [{ bold: run.name }, `: ${progress(run)}${then}`];
      });
      if (items.length > 0)
        parts.push(line({ bold: `Checklists of ${incidentKey(found.target)}` }), list(items));
    }
    const defined = await definedChecklists(tx, ask.workspace.id);
    const more = defined.length - shownMax;
    if (defined.length === 0)
      return message(
        ...parts,
        line(
          'The catalogue has no checklist. Write them under “checklists:” in its file and say ',
          { code: 'andon catalog import FILE' },
          '.',
        ),
      );
    const [example] = defined;
    return message(
      ...parts,
      line({ bold: 'In the catalogue' }),
      list(
        defined
          .slice(0, shownMax)
          .map(({ name, title, steps }): Span[] => [
            { bold: name },
            `: ${shorten(title, textMax)} (${steps.length === 1 ? 'one step' : `${steps.length} steps`})`,
          ]),
      ),
      more > 0 && line(`${more} more: `, { code: 'andon catalog show' }, ' shows them all.'),
      line({ code: `/incident checklist ${quoted(example?.name ?? 'NAME')}` }, ' begins one.'),
    );
  },
};
