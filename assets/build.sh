#!/bin/sh
# Makes the committed stylesheets and fonts anew from npm's packages. Needs node; running Wayhome does not.
set -eu
cd "$(dirname "$0")"
npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error

static=../wayhome/web/static/wayhome
print=../wayhome/lib/fonts
mkdir -p "$static/fonts" "$static/licences" "$print" ../tests/vendor

for sheet in portal console; do
    npx sass --no-source-map --style=compressed --quiet-deps "$sheet.scss" "$static/$sheet.css"
    # The web server sends this one to browsers that take it (all do); -n leaves no date in it.
    gzip -9 -n -k -f "$static/$sheet.css"
done

for weight in 400 700; do
    for subset in cyrillic cyrillic-ext latin latin-ext; do
        cp "node_modules/@fontsource/pt-sans/files/pt-sans-$subset-$weight-normal.woff2" "$static/fonts/"
    done
done
cp node_modules/@fontsource/pt-sans/LICENSE "$static/licences/PT-Sans-OFL.txt"
# What an older phone lacks: signatures of passes, codes read from a picture. As they come, unchanged.
vendor="$static/vendor"
mkdir -p "$vendor/noble-ed25519" "$vendor/qr"
cp node_modules/@noble/ed25519/index.js "$vendor/noble-ed25519/index.js"
cp node_modules/@noble/ed25519/LICENSE "$static/licences/noble-ed25519-MIT.txt"
cp node_modules/qr/index.js node_modules/qr/decode.js "$vendor/qr/"
cp node_modules/qr/LICENSE-MIT "$static/licences/qr-MIT.txt"
for script in noble-ed25519/index.js qr/index.js qr/decode.js; do
    gzip -9 -n -k -f "$vendor/$script"
done
cp licences/govuk-frontend-MIT.txt "$static/licences/"  # npm's package leaves it out

full=node_modules/@expo-google-fonts/pt-sans
cp "$full/400Regular/PTSans_400Regular.ttf" "$print/PTSans-Regular.ttf"
cp "$full/700Bold/PTSans_700Bold.ttf" "$print/PTSans-Bold.ttf"
cp "$full/400Regular_Italic/PTSans_400Regular_Italic.ttf" "$print/PTSans-Italic.ttf"
cp "$full/LICENSE_FONT" "$print/OFL.txt"

cp node_modules/axe-core/axe.min.js ../tests/vendor/axe.min.js
cp node_modules/axe-core/LICENSE ../tests/vendor/axe-LICENSE-MPL-2.0.txt
