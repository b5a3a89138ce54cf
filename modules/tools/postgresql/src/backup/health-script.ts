import { BACKUP_VOLUME } from './paths';

/** Ends with 0 while backups are made; its argument is the program that is asked about. */
export const HEALTH_SCRIPT = `cd ${BACKUP_VOLUME} || exit 1
if [ ! -e /tmp/ready ]; then
  echo "$1 has not logged in yet" >&2
  exit 1
fi
if [ -e "failed-$1" ]; then
  cat "failed-$1" >&2
  exit 1
fi
last=$(cat uploaded 2>/dev/null) || exit 0
if [ "$(date +%s)" -gt $((last + 2 * EVERY_HOURS * 3600 + 3600)) ]; then
  echo "No backup since $(cat newest)" >&2
  exit 1
fi
`;
