#!/bin/sh
# Build the vendored style sheets, fonts and icons into static/. For developers only: the result is committed,
# and neither the product nor its tests need npm. Run it after changing anything in tools/theme/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/theme/package.json" "$here/theme/package-lock.json" "$here/theme/designsystemet.config.json" "$work/"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund
npx --no-install designsystemet tokens create --config designsystemet.config.json --clean
npx --no-install designsystemet tokens build -t design-tokens -o build/themes --clean
python3 "$here/theme/collect.py" "$work" "$here/../static"
