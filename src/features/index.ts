// The list: adding a feature is one folder and one line here. Projections run in this order.
import type { Feature } from '../core/feature.js';
import { incidentFeature } from './incident/index.js';
import { placesFeature } from './places/index.js';
import { postmortemFeature } from './postmortem/index.js';
import { rolesFeature } from './roles/index.js';
import { timelineFeature } from './timeline/index.js';

export const features: readonly Feature[] = [
  incidentFeature,
  timelineFeature,
  rolesFeature,
  placesFeature,
  postmortemFeature,
];
