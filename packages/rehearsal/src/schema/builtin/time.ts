import { block, provider } from './notation';

const moment = {
  day: 'C number',
  hour: 'C number',
  id: 'C string',
  minute: 'C number',
  month: 'C number',
  second: 'C number',
  triggers: 'O map(string)',
  unix: 'C number',
  year: 'C number',
} as const;

export const time = provider('time', '0.13.1', {
  resources: {
    time_offset: block({
      ...moment,
      base_rfc3339: 'OC string',
      offset_days: 'O number',
      offset_hours: 'O number',
      offset_minutes: 'O number',
      offset_months: 'O number',
      offset_seconds: 'O number',
      offset_years: 'O number',
      rfc3339: 'C string',
    }),
    time_rotating: block({
      ...moment,
      rfc3339: 'OC string',
      rotation_days: 'O number',
      rotation_hours: 'O number',
      rotation_minutes: 'O number',
      rotation_months: 'O number',
      rotation_rfc3339: 'OC string',
      rotation_years: 'O number',
    }),
    time_sleep: block({
      create_duration: 'O string',
      destroy_duration: 'O string',
      id: 'C string',
      triggers: 'O map(string)',
    }),
    time_static: block({ ...moment, rfc3339: 'OC string' }),
  },
});
