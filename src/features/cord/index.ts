// The cord: a hard freeze now, from an incident, with what it meets shown before it is pulled.
import type { Feature } from '../../core/feature.js';

export const cordFeature: Feature = { name: 'cord', facts: [] };
