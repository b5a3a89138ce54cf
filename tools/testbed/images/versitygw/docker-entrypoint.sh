#!/bin/sh
# As the public image's: arguments go to versitygw; without any, VGW_BACKEND and VGW_BACKEND_ARG name the backend.
set -eu
if [ "$#" -eq 0 ]; then
  : "${VGW_BACKEND:?give arguments for versitygw, or set VGW_BACKEND}"
  set -- "$VGW_BACKEND" ${VGW_BACKEND_ARG:+"$VGW_BACKEND_ARG"}
fi
exec /usr/local/bin/versitygw "$@"
