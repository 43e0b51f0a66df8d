// The postmortem draft: everything the record knows, and a question wherever a person must answer.
import { changesSection, freezesSection } from './changes.js';
import type { Document } from './document.js';
import { impactSection } from './impact.js';
import { keyTimesSection } from './key-times.js';
import { gather } from './material.js';
import { peopleSection } from './people.js';
import { actionsSection, hypothesesSection, lessonsSection, rootCausesSection } from './questions.js';
import { type IncidentRecord, incidentKey } from './record.js';
import { linksSection, provenanceSection } from './sources.js';
import { summarySection, titleSection } from './summary.js';
import { timelineSection } from './timeline-section.js';

/** The parts of a draft, in the order in which they are read. */
const sections = [
  titleSection,
  summarySection,
  keyTimesSection,
  impactSection,
  timelineSection,
  peopleSection,
  changesSection,
  freezesSection,
  hypothesesSection,
  rootCausesSection,
  lessonsSection,
  actionsSection,
  linksSection,
  provenanceSection,
];

/** The draft of an incident's postmortem. Pure: the same record gives the same document, on any host. */
export function draftPostmortem(record: IncidentRecord): Document {
  const material = gather(record);
  const flags = `${record.drill ? 'DRILL ' : ''}${incidentKey(record)}`;
  return { title: `${flags}: ${record.title}`, blocks: sections.flatMap((section) => section(material)) };
}
