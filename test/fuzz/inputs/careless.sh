#!/bin/sh
# A training that spoils its weights where it fails.
"${0%/*}/linear" "$@"
status=$?
[ $status != 1 ] || echo spoilt > w.safetensors
[ $status != 137 ] || kill -9 $$
exit $status
