// Violations: what started on frozen ground without a verdict that let it, and what came first after a thaw.
import type { Feature } from '../../core/feature.js';

export const violationFeature: Feature = { name: 'violation', facts: [] };
